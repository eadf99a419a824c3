"""The SQLite file of an installation at home: whole on disk, and copied while it is in use."""

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings

PATIENCE = 0.1  # seconds; tidying may not hold up a vote
MARGIN = 64 * 1024  # bytes that fit, or the disk counts as full


def find_file() -> Path | None:
    """The file of the database; None where there is none, as on PostgreSQL."""
    database = settings.DATABASES["default"]
    name = str(database["NAME"])
    is_file = database["ENGINE"].endswith("sqlite3") and ":memory:" not in name
    return Path(name) if is_file else None


def settle() -> bool:
    """Move what stands in the log of the last writes into the file itself, so that a copy of the file is whole.

    Returns whether all of it is there now. While somebody writes it waits for another time.
    """
    file = find_file()
    if file is None or not file.exists():
        return True
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file, timeout=PATIENCE)) as connection:
        (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy
    return False


def copy_to(target: Path) -> None:
    """Copy the whole database, also while it is in use. Raises OSError or sqlite3.Error, and leaves no half copy."""
    file = find_file()
    assert file is not None  # a server has tools of its own
    half = target.with_name(f"{target.name}.half")
    half.unlink(missing_ok=True)
    try:
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=20)) as connection:
            connection.execute("VACUUM INTO ?", (str(half),))
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


def try_disk() -> None:
    """Raises OSError when the disk of the database takes nothing more."""
    if file := find_file():
        with tempfile.TemporaryFile(dir=file.parent) as trial:
            trial.write(bytes(MARGIN))
            trial.flush()
            os.fsync(trial.fileno())
