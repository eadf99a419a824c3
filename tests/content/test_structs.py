"""A server that many phones reach in its first second does not crash."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import msgspec

from tests.servers import ROOT, SECRET_KEY
from tests.sizes import pick

SERVERS, SIDE_BY_SIDE = pick(6, 12), 3  # without `learn` one in three crashed here
FIRST_VISITORS = """
import sys, threading
import django
django.setup()
import msgspec
from content.models import Edition
from facilitation.forms import COMMANDS
from sessions import rows

edition = Edition(document=msgspec.json.decode(sys.stdin.buffer.read()))
together, through = threading.Barrier(8), []

def visit():
    together.wait()
    edition.read_library()
    msgspec.json.decode(b'{"phase": "startfase"}', type=rows.State)
    msgspec.convert({"command": "start"}, COMMANDS["start"])
    through.append(1)

sys.setswitchinterval(1e-6)
visitors = [threading.Thread(target=visit) for _ in range(8)]
for visitor in visitors:
    visitor.start()
for visitor in visitors:
    visitor.join()
print(len(through))
"""


def test_the_first_phones_of_a_server_may_all_come_at_once(shipped) -> None:
    document = msgspec.json.encode(shipped)

    def serve_first_visitors(_: int) -> tuple[int, bytes]:
        done = subprocess.run(
            [sys.executable, "-c", FIRST_VISITORS],
            input=document, capture_output=True, check=False, cwd=ROOT,
            env={"DJANGO_SETTINGS_MODULE": "facilitation.settings", "SECRET_KEY": SECRET_KEY},
        )  # fmt: skip
        return done.returncode, done.stdout

    with ThreadPoolExecutor(SIDE_BY_SIDE) as servers:
        assert list(servers.map(serve_first_visitors, range(SERVERS))) == [(0, b"8\n")] * SERVERS
