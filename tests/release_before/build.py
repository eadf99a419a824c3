"""Makes the databases of this folder anew, with the code of another release: see `README.md`."""

import gzip
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers import find_program, serve_postgres

HERE = Path(__file__).parent
SECRETS = {"SECRET_KEY": "only-for-a-database-of-the-tests", "PUBLIC_URL": "", "PYTHONWARNINGS": "ignore"}


def run(script: str, checkout: Path, folder: Path, database: str) -> str:
    """Run a script of this folder with the code of a checkout. Returns what it printed."""
    settings = {**SECRETS, "DATABASE_URL": database, "BUURTBOOM_DATA": str(folder), "PYTHONPATH": str(checkout)}
    command = [sys.executable, str(HERE / script)]
    environment = {**os.environ, **settings}
    done = subprocess.run(command, env=environment, cwd=checkout, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return done.stdout


def build(name: str, checkout: Path, folder: Path, database: str) -> None:
    """Play the evenings, and keep the pages as they read then."""
    run("evenings.py", checkout, folder, database)
    write(f"{name}.json.gz", run("read_pages.py", checkout, folder, database))


def write(name: str, text: str) -> None:
    (HERE / name).write_bytes(gzip.compress(text.encode(), mtime=0))


def main(checkout: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "old.sqlite3"
        build("sqlite", checkout, folder, f"sqlite:///{file}")
        write("sqlite.sql.gz", "\n".join(sqlite3.connect(file).iterdump()))
        with serve_postgres(folder / "postgres") as address:
            build("postgresql", checkout, folder, address)
            dump = [find_program("pg_dump", package="postgresql"), "--inserts", "--no-owner", address]
            dumped = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
            write("postgresql.sql.gz", re.sub(r"^\\(un)?restrict .*\n", "", dumped, flags=re.MULTILINE))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
