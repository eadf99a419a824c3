"""The data folder at home: what stands in it is whole, and nobody else on the computer reads it."""

import os
import resource
from pathlib import Path

import pytest

from facilitation.server.folder import keep_key, read_key


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_a_key_is_made_once_and_only_we_can_read_it(tmp_path: Path) -> None:
    keep_key(tmp_path)
    key = read_key(tmp_path)
    assert key
    assert len(key) == 64
    keep_key(tmp_path)
    assert read_key(tmp_path) == key
    assert mode(tmp_path / "secret_key") == "0o600"
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("left", [b"", b"kort", b"\n" * 64, b"\0" * 64, b"\xff" * 64], ids=repr)
def test_what_a_power_cut_left_of_a_key_counts_as_none(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(left)
    assert read_key(tmp_path) is None
    keep_key(tmp_path)
    assert len(read_key(tmp_path) or "") == 64


def test_a_full_disk_leaves_no_half_key_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            keep_key(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_a_power_cut_while_a_key_is_written_leaves_the_name_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    def cut(file: int) -> None:
        raise PowerCut

    with monkeypatch.context() as moment:
        moment.setattr(os, "fsync", cut)
        with pytest.raises(PowerCut):
            keep_key(tmp_path)
    assert not (tmp_path / "secret_key").exists()
    keep_key(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
