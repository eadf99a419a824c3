"""The wifi of the hall: typed once on the console, on the wall with a QR of its own, and nowhere else."""

import asyncio
import re

import pytest
from asgiref.sync import sync_to_async

from facilitation.live import room
from facilitation.server import network
from facilitation.server.network import Interface
from facilitation.templatetags.look import write_wifi
from sessions.models import GroupSession
from sessions.reading import Wifi
from sessions.writing.meetings import open_session, set_wifi
from tests.actors import LEADER
from tests.facilitation.screens import let_go_of_the_database, open_socket
from tests.facilitation.walking import words

JSON = {"accept": "application/json"}


@pytest.fixture
def leader(client_of, alice, edition):
    return client_of(alice)


def tell(leader, session, name, password=""):
    return leader.post(f"/b/{session.code}/wifi", {"name": name, "password": password}, headers=JSON)


@pytest.mark.django_db
def test_the_wall_shows_the_wifi_with_a_code_of_its_own(leader, session):
    before = leader.get(f"/b/{session.code}/beamer").content.decode()
    assert before.count('class="qr"') == 0  # no address in the settings of the tests, and no wifi
    assert tell(leader, session, "Buurthuis De Linde", "samen sterk; 2026").json()["type"] == "state"
    set_up = leader.get(f"/b/{session.code}/beamer")
    assert "Er is geen netwerk." in words(set_up)


@pytest.mark.django_db
def test_beside_the_code_to_join_stands_the_one_for_the_wifi(leader, session, settings):
    settings.PUBLIC_URL = "http://192.168.1.7:8000"
    tell(leader, session, "Buurthuis De Linde", "samen sterk; 2026")
    beamer = leader.get(f"/b/{session.code}/beamer")
    assert "Ga op de wifi Buurthuis De Linde, wachtwoord samen sterk; 2026" in words(beamer)
    labels = re.findall(r'aria-label="(QR-code[^"]*)"[^>]*class="qr"', beamer.content.decode())
    assert labels == ["QR-code om mee te doen", "QR-code van de wifi"]


@pytest.mark.django_db
def test_without_a_password_none_is_shown(leader, session, settings):
    settings.PUBLIC_URL = "http://192.168.1.7:8000"
    tell(leader, session, "Buurthuis")
    beamer = words(leader.get(f"/b/{session.code}/beamer"))
    assert ("Ga op de wifi Buurthuis" in beamer, "wachtwoord" in beamer) == (True, False)


@pytest.mark.django_db
def test_an_empty_name_takes_the_wifi_and_its_password_away(leader, session):
    tell(leader, session, "Buurthuis", "samen-sterk")
    tell(leader, session, "", "samen-sterk")
    session.refresh_from_db()
    assert (session.wifi_name, session.wifi_password) == ("", "")
    assert "Ga op de wifi" not in words(leader.get(f"/b/{session.code}/beamer"))


@pytest.mark.django_db
def test_behind_a_door_that_is_shut_no_code_is_left(leader, session, settings):
    settings.PUBLIC_URL = "http://192.168.1.7:8000"
    tell(leader, session, "Buurthuis", "samen-sterk")
    session.refresh_from_db()
    leader.post(f"/b/{session.code}/opdracht", {"command": "shutdoor", "version": session.version})
    assert 'class="qr"' not in leader.get(f"/b/{session.code}/beamer").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("w" * 33, "", "wifi-name"),
        ("é" * 17, "", "wifi-name"),  # 34 bytes
        ("Buurthuis", "kort", "wifi-password"),
        ("Buurthuis", "w" * 64, "wifi-password"),
        ("Buurthuis", "wachtwoord-met-é", "wifi-password"),
    ],
)
def test_what_no_wifi_can_have_is_refused_with_a_sentence(leader, session, name, password, code):
    answer = tell(leader, session, name, password)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    session.refresh_from_db()
    assert session.wifi_name == ""


@pytest.mark.django_db
def test_without_script_the_form_leads_back_to_the_console(leader, session):
    answer = leader.post(f"/b/{session.code}/wifi", {"name": "Buurthuis", "password": "samen-sterk"})
    assert answer.url == f"/b/{session.code}/console"
    page = leader.get(answer.url).content.decode()
    assert 'value="Buurthuis"' in page
    assert "Wifi: <bdi>Buurthuis</bdi>" in page


@pytest.mark.django_db
def test_a_phone_and_a_stranger_see_neither_name_nor_password(leader, session, client, bob, client_of):
    tell(leader, session, "Buurthuis", "samen-sterk")
    pages = [client.get(f"/m/{session.code}"), client_of(bob).get(f"/b/{session.code}/beamer")]
    assert client_of(bob).post(f"/b/{session.code}/wifi", {"name": "Anders"}).status_code == 404
    assert not [page for page in pages if "samen-sterk" in page.content.decode()]


@pytest.mark.django_db
def test_it_is_typed_once_for_a_group_that_meets_again_in_the_same_buurt(leader, session, team, alice):
    tell(leader, session, "Buurthuis", "samen-sterk")

    def open_in(buurt: str) -> Wifi:
        new = open_session(team=team, facilitator=alice, title="Weer", buurt=buurt, phase="richtfase", actor=LEADER)
        return Wifi(new.wifi_name, new.wifi_password)

    assert open_in("Vogelbuurt") == Wifi("Buurthuis", "samen-sterk")
    assert open_in("Bloemenbuurt") == Wifi("", "")


@pytest.mark.parametrize(
    ("wifi", "text"),
    [
        (Wifi("Buurthuis", ""), "WIFI:T:nopass;S:Buurthuis;;"),
        (Wifi("Buurthuis", "samen sterk"), "WIFI:T:WPA;S:Buurthuis;P:samen sterk;;"),
        (Wifi('a;b,c:d"e\\f', ';,:"\\12345'), 'WIFI:T:WPA;S:a\\;b\\,c\\:d\\"e\\\\f;P:\\;\\,\\:\\"\\\\12345;;'),
    ],
)
def test_the_code_of_a_wifi_is_written_as_phones_read_it(wifi, text):
    assert write_wifi(wifi) == text


@pytest.fixture
def short_looks(monkeypatch):
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.2)


async def until_shown(socket, words):
    """The first state with these words."""
    async with asyncio.timeout(10):
        while words not in (state := await socket.until(type="state"))["html"]:
            pass
    return state


@pytest.mark.django_db(transaction=True)
async def test_the_wall_and_the_desk_follow_the_wifi_and_the_network(
    session, alice, client_of, settings, monkeypatch, short_looks, tmp_path
):
    def use(*interfaces: Interface) -> None:
        monkeypatch.setattr(network, "list_interfaces", lambda: interfaces)
        network.look.forget()

    settings.AT_HOME, settings.PUBLIC_URL, settings.DATA_DIR = True, "", tmp_path
    use(Interface("wlan0", "wifi", "192.168.1.7"))
    leader = await sync_to_async(client_of)(alice)
    try:
        for screen in ("beamer", "console"):
            async with open_socket(f"/ws/b/{session.code}/{screen}", leader) as socket:
                await until_shown(socket, "192.168.1.7:")
                await sync_to_async(set_wifi)(session.code, "Buurthuis", f"{screen}-{screen}", actor=LEADER)
                await until_shown(socket, f"{screen}-{screen}")
                use(Interface("wlan0", "wifi", "10.42.0.1"))
                state = await until_shown(socket, "10.42.0.1:")
                assert "192.168.1.7" not in state["html"]
                assert state["version"] == (await sync_to_async(GroupSession.objects.get)(pk=session.pk)).version
            use(Interface("wlan0", "wifi", "192.168.1.7"))
    finally:
        network.look.forget()
        await let_go_of_the_database()
