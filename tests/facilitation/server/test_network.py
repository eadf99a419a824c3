"""Which addresses this computer has, which one phones get, and by which names it may be asked."""

import socket
from pathlib import Path

import pytest
from django.core.exceptions import DisallowedHost

from facilitation.server import addresses, network
from facilitation.server.network import Interface, OwnHosts, list_names, tell_kind
from sessions.rules.refusals import Refused
from sessions.shelf import Shelf

WIFI = Interface("wlan0", "wifi", "192.168.1.7")
CABLE = Interface("eth0", "wired", "10.0.0.7")
VPN = Interface("tun0", "other", "10.8.0.7")
ITSELF = Interface("wlan0", "wifi", "169.254.3.4")  # nobody gave it an address


@pytest.fixture
def net(monkeypatch):
    """Pretend interfaces; `default` is the address by which the computer itself goes out."""

    def use(*interfaces: Interface, default: str | None = None) -> None:
        monkeypatch.setattr(network, "_read_interfaces", lambda: iter(interfaces))
        monkeypatch.setattr(network, "find_default_address", lambda: default)
        network.look.forget()

    yield use
    monkeypatch.undo()
    network.look.forget()


@pytest.fixture
def at_home(settings, tmp_path):
    settings.AT_HOME, settings.PUBLIC_URL = True, ""
    settings.SELF_URL, settings.DATA_DIR = "http://127.0.0.1:8123", tmp_path


@pytest.mark.parametrize("found", [(WIFI, CABLE, VPN), (VPN, CABLE, WIFI)])
@pytest.mark.parametrize("default", [None, WIFI.address, VPN.address])
def test_wifi_comes_first_whatever_holds_the_way_out(net, found, default):
    net(*found, default=default)
    assert network.list_interfaces() == (WIFI, CABLE, VPN)


def test_of_two_of_a_kind_the_way_out_comes_first(net):
    other = WIFI._replace(name="wlan1", address="192.168.50.1")
    net(WIFI, other, default=other.address)
    assert network.list_interfaces() == (other, WIFI)


def test_an_address_that_the_machine_gave_itself_comes_last(net):
    net(ITSELF, VPN)
    assert network.list_interfaces() == (VPN, ITSELF)


def test_a_system_that_tells_in_another_way_gives_the_way_out(net, monkeypatch):
    def fail():
        raise AttributeError("getifaddrs")

    net(default="192.168.1.7")
    monkeypatch.setattr(network, "_read_interfaces", fail)
    assert [interface.address for interface in network.list_interfaces()] == ["192.168.1.7"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("wlan0", "wifi"), ("wlp3s0", "wifi"), ("wlx00c0ca", "wifi"), ("ap0", "wifi"),
        ("eth0", "wired"), ("enp0s31f6", "wired"), ("usb0", "wired"),
        ("tun0", "other"), ("tap0", "other"), ("wg0", "other"), ("ppp0", "other"), ("tailscale0", "other"),
        ("docker0", "other"), ("br-12ab", "other"), ("virbr0", "other"), ("vboxnet0", "other"), ("veth1", "other"),
    ],
)  # fmt: skip
def test_the_name_of_an_interface_tells_its_kind(monkeypatch, tmp_path, name, kind):
    monkeypatch.setattr("sys.platform", "linux")
    assert tell_kind(name, known=tmp_path) == kind


def test_the_system_knows_better_than_the_name(tmp_path):
    (tmp_path / "enx01" / "wireless").mkdir(parents=True)
    assert tell_kind("enx01", known=tmp_path) == "wifi"
    assert tell_kind("wlan0", network.IS_POINT_TO_POINT, known=tmp_path) == "other"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("en0", "wifi"), ("bridge100", "wifi"), ("en7", "wired"), ("bridge0", "other"), ("utun3", "other")],
)
def test_on_a_mac_wifi_is_the_first_and_a_hotspot_a_bridge(monkeypatch, tmp_path, name, kind):
    monkeypatch.setattr("sys.platform", "darwin")
    assert tell_kind(name, known=tmp_path) == kind


def test_every_address_of_this_machine_is_found():
    """Not pretended: the way out is one of them."""
    default = network.find_default_address()
    found = [interface.address for interface in network.list_interfaces()]
    assert default is None or default in found
    assert not [address for address in found if address.startswith("127.")]


# ---- By which names it may be asked ----


def test_own_addresses_are_let_in_at_any_moment_and_nothing_else(net, settings, rf):
    settings.ALLOWED_HOSTS = OwnHosts(["localhost"])

    def ask(host: str) -> str:
        return rf.get("/", headers={"host": host}).get_host()

    net(WIFI, VPN)
    assert [ask(host) for host in ("192.168.1.7:8000", "10.8.0.7", "localhost")]
    for host in ("192.168.1.8", "10.0.0.7", "elders.example", "192.168.1.7.elders.example", "192.168.1.7.nip.io", "*"):
        with pytest.raises(DisallowedHost):
            ask(host)
    net(CABLE)
    assert ask("10.0.0.7:8000") == "10.0.0.7:8000"
    with pytest.raises(DisallowedHost):
        ask("192.168.1.7:8000")


@pytest.mark.parametrize("host", ["elders.example", "192.168.1.7.elders.example", "192.168.1.8"])
def test_a_name_that_points_at_us_gets_nothing(net, settings, client, db, host):
    """DNS rebinding: another site lets its own name point here, and its page asks for ours."""
    settings.ALLOWED_HOSTS = OwnHosts(["localhost"])
    net(WIFI)
    assert client.get("/", headers={"host": host}).status_code == 400
    assert client.get("/", headers={"host": "192.168.1.7:8000"}).status_code == 200


def test_an_odd_name_of_the_machine_is_left_out(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "Laptop van Ann.local")
    assert list_names() == ["localhost", "127.0.0.1", "[::1]"]
    monkeypatch.setattr(socket, "gethostname", lambda: "Laptop-7.lan")
    assert list_names() == ["localhost", "127.0.0.1", "[::1]", "laptop-7.lan", "laptop-7.local"]


# ---- The address in the QR ----


def test_the_address_follows_the_network(net, at_home):
    net(WIFI, VPN, default=VPN.address)
    assert addresses.public_url() == "http://192.168.1.7:8123"
    net(WIFI._replace(address="192.168.200.9"))
    assert addresses.public_url() == "http://192.168.200.9:8123"
    net()
    assert addresses.public_url() == ""


def test_what_was_chosen_stays_as_long_as_it_is_there(net, at_home):
    net(WIFI, CABLE)
    addresses.choose("eth0")
    assert addresses.public_url() == "http://10.0.0.7:8123"
    net(WIFI, CABLE._replace(address="10.0.0.99"))
    assert addresses.public_url() == "http://10.0.0.99:8123"
    net(WIFI)
    assert addresses.public_url() == "http://192.168.1.7:8123"
    net(WIFI, CABLE)
    assert addresses.public_url() == "http://10.0.0.7:8123"
    addresses.choose("")
    assert addresses.public_url() == "http://192.168.1.7:8123"


def test_a_network_that_is_not_there_cannot_be_chosen(net, at_home):
    net(WIFI)
    for name in ("eth0", "../../etc/passwd", "192.168.1.7"):
        with pytest.raises(Refused, match="unknown-network"):
            addresses.choose(name)


def test_a_choice_that_cannot_be_read_is_none(net, at_home, tmp_path: Path):
    net(WIFI, CABLE)
    (tmp_path / "network").write_bytes(b"\xff\xfe")
    assert addresses.public_url() == "http://192.168.1.7:8123"


def test_on_a_server_the_address_is_the_setting(net, settings):
    net(WIFI)
    settings.AT_HOME, settings.PUBLIC_URL = False, "https://buurtboom.example"
    assert addresses.public_url() == "https://buurtboom.example"
    settings.AT_HOME = True  # `make run PUBLIC_URL=…`: somebody knows better
    assert addresses.public_url() == "https://buurtboom.example"
    settings.AT_HOME, settings.PUBLIC_URL = False, ""
    assert addresses.public_url() == ""


# ---- On the console and the wall ----


@pytest.fixture
def leader(client_of, alice, edition):
    return client_of(alice)


def test_the_console_shows_every_network_and_takes_a_choice(net, at_home, leader, session):
    net(WIFI, VPN)
    page = leader.get(f"/b/{session.code}/console").content.decode()
    assert "wifi: 192.168.1.7" in page
    assert "vpn of iets anders: 10.8.0.7" in page
    assert "192.168.1.7:8123" in leader.get(f"/b/{session.code}/beamer").content.decode()
    answer = leader.post(f"/b/{session.code}/netwerk", {"network": "tun0"})
    assert answer.url == f"/b/{session.code}/console"
    beamer = leader.get(f"/b/{session.code}/beamer").content.decode()
    assert ("10.8.0.7:8123" in beamer, "192.168.1.7" in beamer) == (True, False)


def test_a_network_that_went_is_refused_with_a_sentence(net, at_home, leader, session):
    net(WIFI)
    answer = leader.post(f"/b/{session.code}/netwerk", {"network": "tun0"}, headers={"accept": "application/json"})
    assert answer.json()["message"] == "Dit netwerk is er niet meer. Kies een ander."


def test_without_a_network_the_console_says_what_to_do(net, at_home, leader, session):
    net()
    assert "Deze computer heeft nu geen netwerk." in leader.get(f"/b/{session.code}/console").content.decode()
    assert "Er is geen netwerk." in leader.get(f"/b/{session.code}/beamer").content.decode()


def test_on_a_server_there_is_nothing_to_choose(net, leader, session, settings):
    net(WIFI)
    settings.PUBLIC_URL = "https://buurtboom.example"
    assert "Langs welk netwerk" not in leader.get(f"/b/{session.code}/console").content.decode()
    assert leader.post(f"/b/{session.code}/netwerk", {"network": "wlan0"}).status_code != 302
    assert "192.168.1.7" not in leader.get(f"/b/{session.code}/beamer").content.decode()


def test_the_choice_is_for_the_team_alone(net, at_home, client_of, bob, session):
    net(WIFI, VPN)
    assert client_of(bob).post(f"/b/{session.code}/netwerk", {"network": "tun0"}).status_code == 404
    assert addresses.read_choice() == ""


def test_no_screen_that_stands_ready_holds_an_address(net, at_home, client, session, leader):
    """Phones are drawn once and kept: what is kept may not hold what follows the network."""
    net(WIFI)
    page = client.get(f"/m/{session.code}")
    client.cookies.load({name: morsel.value for name, morsel in page.cookies.items()})
    token = page.cookies["csrftoken"].value
    assert client.post(f"/m/{session.code}/rol", {"role": "inwoner", "csrfmiddlewaretoken": token}).status_code == 302
    client.get(f"/m/{session.code}")
    kept = [getattr(thing, "text", thing) for thing in Shelf.list_things()]
    kept = [text for text in kept if isinstance(text, str)]
    assert len(kept) >= 2
    assert not [text for text in kept if "192.168" in text or "8123" in text]
