"""Run several commands at once, and show what each said when it ended: `python -m tests.side_by_side "ls" "pwd"`.

Ends with the first fault there is; the others are waited for.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def run(command: str) -> int:
    began = time.monotonic()
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(f"{command}\n{done.stdout}({time.monotonic() - began:.0f} s)", flush=True)
    return done.returncode


def main() -> int:
    with ThreadPoolExecutor() as pool:
        return next(filter(None, list(pool.map(run, sys.argv[1:]))), 0)


if __name__ == "__main__":
    sys.exit(main())
