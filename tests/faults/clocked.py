"""Daphne on a wall clock that can be put wrong: `python -m tests.faults.clocked FILE`, and daphne's own arguments.

The file holds by how many seconds it is wrong. The machine's own clock is left alone.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path


def put_wrong(file: Path) -> None:
    """From now on every module that is imported after this reads the time from this clock."""
    read_time = time.time
    time.time = lambda: read_time() + float(file.read_text())

    from django.utils import timezone

    timezone.now = lambda: datetime.fromtimestamp(time.time(), UTC)


if __name__ == "__main__":
    put_wrong(Path(sys.argv.pop(1)))
    from daphne.cli import CommandLineInterface  # after that: Twisted keeps the clock that it finds

    CommandLineInterface.entrypoint()
