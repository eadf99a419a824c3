"""The file of the database at home: whole when it is quiet, copied while it is in use, and nothing half."""

import resource
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from facilitation.server.store import copy_to, find_file, settle, try_disk


@contextmanager
def full_disk():
    """No file can grow: to a program that is a disk without room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def use(monkeypatch):
    def use(engine: str, name: object) -> None:
        database = {"ENGINE": f"django.db.backends.{engine}", "NAME": str(name)}
        monkeypatch.setattr(settings, "DATABASES", {"default": database})

    return use


@pytest.fixture
def file(tmp_path, use):
    """A database as at home, with a row that is still in the log of the last writes."""
    file = tmp_path / "buurtboom.sqlite3"
    use("sqlite3", file)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE said (words TEXT)")
        writer.execute("INSERT INTO said VALUES ('binnen')")
        yield file


def read_words(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [words for (words,) in connection.execute("SELECT words FROM said")]


def read_copy(file: Path) -> list[str]:
    """What somebody has who copies the file alone."""
    copy = file.with_name("kopie.sqlite3")
    copy.write_bytes(file.read_bytes())
    return read_words(copy)


def test_after_a_quiet_moment_a_copy_of_the_file_has_all(file):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        read_copy(file)
    assert settle() is True
    assert read_copy(file) == ["binnen"]


def test_while_somebody_writes_it_waits_for_another_time(file):
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO said VALUES ('en ik')")
        assert settle() is False
        other.execute("COMMIT")
    assert settle() is True
    assert read_copy(file) == ["binnen", "en ik"]


def test_without_a_file_there_is_nothing_to_do(use, tmp_path):
    use("postgresql", "buurtboom")
    assert find_file() is None
    assert settle() is True
    try_disk()
    with pytest.raises(CommandError, match="Maak een back-up met pg_dump"):
        call_command("backup")
    use("sqlite3", tmp_path / "nog-niet")
    assert settle() is True
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_whole_while_the_database_is_in_use_and_only_we_can_read_it(file, tmp_path, capsys):
    call_command("backup", "--to", str(tmp_path / "stick"))
    (copy,) = (tmp_path / "stick").iterdir()
    assert read_words(copy) == ["binnen"]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert f"Alles staat ook in: {copy}" in capsys.readouterr().out


def test_a_backup_that_does_not_fit_is_one_clear_line_and_leaves_nothing(file, tmp_path):
    with full_disk(), pytest.raises(CommandError, match="Kies een andere map of maak ruimte"):
        call_command("backup", "--to", str(tmp_path / "stick"))
    assert list((tmp_path / "stick").iterdir()) == []


def test_a_backup_to_a_place_that_cannot_be_is_one_clear_line(file, tmp_path):
    (tmp_path / "bestand").write_text("")
    with pytest.raises(CommandError, match=r"lukte niet \(Not a directory\)"):
        call_command("backup", "--to", str(tmp_path / "bestand" / "stick"))


def test_two_copies_of_one_second_do_not_harm_each_other(file, tmp_path):
    copy_to(tmp_path / "een.sqlite3")
    copy_to(tmp_path / "een.sqlite3")
    assert read_words(tmp_path / "een.sqlite3") == ["binnen"]


def test_a_full_disk_is_noticed(file):
    try_disk()
    with full_disk(), pytest.raises(OSError, match="File too large"):
        try_disk()


@pytest.mark.django_db
def test_a_server_on_a_full_disk_is_not_healthy(client):
    with full_disk():
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "fault", "silent": ["disk"]})
    assert client.get("/healthz").json() == {"status": "ok"}
