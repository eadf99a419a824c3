"""The folder of an installation at home: its database and its secret key. Knows no Django, for settings read it."""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path

SHORTEST_KEY = 32  # characters


class Busy(Exception):  # noqa: N818
    """Another Buurtboom works with this folder."""


def hold(folder: Path) -> None:
    """From now on this folder is ours, until the program ends, however it ends. Raises Busy, and OSError.

    The program that this one becomes holds it as well. What it starts beside itself does not.
    """
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise Busy from error
    os.set_inheritable(lock, True)


def close_to_others(folder: Path, database: Path | None) -> None:
    """What is written from now on only we can read; what is there already is put right. Raises OSError."""
    os.umask(0o077)
    logs = [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")] if database else []
    for file in (_key_file(folder), *logs):
        with suppress(FileNotFoundError):
            file.chmod(0o600)


def read_key(folder: Path) -> str | None:
    """The key that is kept there. What a full disk or a power cut left of one is none."""
    with suppress(FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        key = _key_file(folder).read_text(encoding="ascii").strip()
        if len(key) >= SHORTEST_KEY and key.isprintable():
            return key
    return None


def keep_key(folder: Path) -> None:
    """Make a key of this installation's own, if there is none. Raises OSError when the disk refuses."""
    if read_key(folder) is None:
        write_whole(_key_file(folder), secrets.token_urlsafe(48).encode("ascii"))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only we can read: whole, or not at all. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise
    _sync_folder(path.parent)


def _key_file(folder: Path) -> Path:
    return folder / "secret_key"


def _sync_folder(folder: Path) -> None:
    # Until then a power cut may take the new name away.
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
