"""`make run` in halls as they are: a VPN that holds the way out, a hotspot without a way out, another wifi half-way.

Each hall is a network namespace; the laptop's interfaces are made, and taken away, while Buurtboom runs.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.hosting.halls import Hall, can_make_halls
from tests.hosting.test_start import Started
from tests.servers import wait_until

pytestmark = pytest.mark.skipif(not can_make_halls(), reason="networks are made by root, on Linux, with iproute2")

WIFI, OTHER_WIFI, HOTSPOT, VPN = "192.168.50.2", "172.20.10.5", "10.42.0.1", "10.8.0.2"


@pytest.fixture
def hall() -> Iterator[Hall]:
    hall = Hall()
    yield hall
    hall.close()


class Evening:
    """Buurtboom on a laptop in a hall, with one meeting."""

    def __init__(self, folder: Path, first: Path) -> None:
        self.started = Started(folder, like=first)
        self.started.log_in()
        page = self.started.get("/bijeenkomsten")
        console = self.started.post("/bijeenkomsten", page, title="Hier", buurt="Vogelbuurt", phase="startfase")
        self.code = re.search(r"/b/([A-Z0-9]{6})/beamer", console)[1]

    def ask(self, address: str, host: str | None = None) -> int:
        """The status that a phone gets at this address, or a page of another site that calls itself `host`."""
        with closing(HTTPConnection(address, self.started.port, timeout=10)) as connection:
            connection.request("GET", "/", headers={"Host": host or f"{address}:{self.started.port}"})
            return connection.getresponse().status

    @property
    def joins_at(self) -> str:
        """The address on the wall; empty when it says that there is none."""
        beamer = self.started.get(f"/b/{self.code}/beamer")
        found = re.findall(rf"([\d.]+):{self.started.port}", beamer)
        assert len({*found}) <= 1
        return found[0] if found else ""

    def choose(self, network: str) -> None:
        console = self.started.get(f"/b/{self.code}/console")
        self.started.post(f"/b/{self.code}/netwerk", console, network=network)


@pytest.fixture
def begin(hall: Hall, first: Path, tmp_path: Path) -> Iterator[type[Evening]]:
    """Start in the hall as it is by then; the rest of the test happens there as well."""
    evenings: list[Evening] = []

    def start() -> Evening:
        evenings.append(Evening(tmp_path, first))
        return evenings[0]

    with hall.inside():
        yield start
        for evening in evenings:
            evening.started.process.stop()


def test_with_a_vpn_that_holds_the_way_out_phones_come_in_by_the_wifi(hall: Hall, begin) -> None:
    hall.connect("wlan0", WIFI)
    hall.connect("tun0", VPN, route=True)
    evening = begin()
    assert evening.joins_at == WIFI
    assert f"Voor telefoons op deze wifi:  http://{WIFI}:{evening.started.port}" in evening.started.words
    assert {evening.ask(address) for address in (WIFI, VPN, "127.0.0.1")} == {200}


def test_no_name_and_no_address_of_others_is_let_in(hall: Hall, begin) -> None:
    hall.connect("wlan0", WIFI, route=True)
    evening = begin()
    port = evening.started.port
    names = (
        "elders.example",
        f"elders.example:{port}",
        "192.168.50.3",
        f"{WIFI}.elders.example",
        f"{WIFI}.nip.io",
        "*",
    )
    assert {name: evening.ask(WIFI, name) for name in names} == dict.fromkeys(names, 400)


@pytest.mark.slow
def test_a_hotspot_of_the_laptop_itself_without_a_way_out(hall: Hall, begin) -> None:
    hall.connect("wlan0", HOTSPOT)
    evening = begin()
    assert evening.joins_at == HOTSPOT
    assert evening.ask(HOTSPOT) == 200
    assert "Er is geen netwerk" not in evening.started.words


def test_another_wifi_half_way_needs_no_restart(hall: Hall, begin) -> None:
    hall.connect("wlan0", WIFI, route=True)
    evening = begin()
    assert evening.joins_at == WIFI
    hall.disconnect("wlan0")
    wait_until(lambda: evening.joins_at == "", "a wall that says that there is no network", seconds=10)
    hall.connect("wlan0", OTHER_WIFI, route=True)
    wait_until(lambda: evening.joins_at == OTHER_WIFI, "the new address on the wall", seconds=10)
    assert evening.ask(OTHER_WIFI) == 200
    assert evening.ask("127.0.0.1", f"{WIFI}:{evening.started.port}") == 400  # it is ours no more
    said = f"Telefoons komen nu binnen op: http://{OTHER_WIFI}:{evening.started.port}"
    wait_until(lambda: said in evening.started.words, "a line in the terminal", seconds=10)


@pytest.mark.slow
def test_without_any_network_it_starts_and_a_network_that_comes_is_there(hall: Hall, begin) -> None:
    evening = begin()
    assert "Er is geen netwerk." in evening.started.words
    assert evening.joins_at == ""
    hall.connect("wlan0", HOTSPOT)
    wait_until(lambda: evening.joins_at == HOTSPOT, "an address on the wall", seconds=10)
    assert evening.ask(HOTSPOT) == 200


@pytest.mark.slow
def test_the_facilitator_chooses_another_network_and_it_stays_chosen(hall: Hall, begin) -> None:
    hall.connect("wlan0", WIFI, route=True)
    hall.connect("eth0", "10.1.2.3")
    evening = begin()
    assert evening.joins_at == WIFI
    evening.choose("eth0")
    assert evening.joins_at == "10.1.2.3"
    hall.disconnect("eth0")
    wait_until(lambda: evening.joins_at == WIFI, "the wifi again", seconds=10)
    hall.connect("eth0", "10.9.9.9")
    wait_until(lambda: evening.joins_at == "10.9.9.9", "the cable again", seconds=10)
    evening.choose("")
    assert evening.joins_at == WIFI
