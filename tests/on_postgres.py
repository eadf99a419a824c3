"""Run pytest on a PostgreSQL of our own: `python -m tests.on_postgres tests/sessions`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers import SECRET_KEY, serve_postgres


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, serve_postgres(Path(folder)) as address:
        environment = {**os.environ, "DATABASE_URL": address, "SECRET_KEY": SECRET_KEY}
        # The cluster goes as a whole, so nobody has to wait until the last connection has left its database.
        command = [sys.executable, "-m", "pytest", "-p", "tests.only_database", "--reuse-db", *sys.argv[1:]]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
