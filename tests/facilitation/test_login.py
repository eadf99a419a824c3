"""Logging in, too many wrong guesses, and a new password."""

import asyncio
import threading
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.sessions.models import Session
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from facilitation.live.house import tidy
from facilitation.logins import is_acquaintance
from facilitation.server import threads
from facilitation.server.network import Interface, look
from tests.conftest import PASSWORD
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, is_bare, tag, words

pytestmark = pytest.mark.django_db

LOGIN = "/inloggen"
NEW = "een-heel-ander-wachtwoord"


def test_a_facilitator_logs_in_and_sees_the_sessions(client, alice, edition):
    response = client.post(LOGIN, {"username": "alice", "password": PASSWORD})
    assert response.url == reverse("overview")
    assert client.get(response.url).status_code == 200


def test_the_page_that_was_asked_for_comes_after_logging_in(client, alice):
    asked = client.get("/bijeenkomsten").url
    assert 'value="/bijeenkomsten"' in tag(client.get(asked), "input", 'name="next"')
    refused = client.post(LOGIN, {"username": "alice", "password": "mis", "next": "/bijeenkomsten"})
    assert 'value="/bijeenkomsten"' in tag(refused, "input", 'name="next"')
    response = client.post(LOGIN, {"username": "alice", "password": PASSWORD, "next": "/bijeenkomsten"})
    assert response.url == "/bijeenkomsten"


def test_a_browser_that_keeps_no_cookies_is_told_to_allow_them(client_of, alice):
    response = client_of(enforce_csrf_checks=True).post(LOGIN, {"username": "alice", "password": PASSWORD})
    sentence = "Je browser bewaart geen cookies. Sta cookies toe en probeer het opnieuw."
    assert (response.status_code, sentence in words(response)) == (403, True)


def test_logging_in_never_leads_to_another_site(client, alice):
    response = client.post(LOGIN, {"username": "alice", "password": PASSWORD, "next": "https://elders.example/"})
    assert response.url == reverse("overview")


def test_a_wrong_password_is_told_and_the_name_stays(client, alice):
    response = client.post(LOGIN, {"username": "alice", "password": "mis"})
    assert 'value="alice"' in tag(response, "input", 'name="username"')
    assert "Deze naam en dit wachtwoord horen niet bij elkaar." in words(response)
    assert "mis" not in tag(response, "input", 'name="password"')


def test_an_unknown_name_hears_the_same_as_a_wrong_password(client, alice):
    known = words(client.post(LOGIN, {"username": "alice", "password": "mis"}))
    assert words(client.post(LOGIN, {"username": "niemand", "password": "mis"})) == known


def test_empty_fields_say_what_to_fill_in(client, db):
    response = client.post(LOGIN, {})
    assert 'aria-describedby="username-error"' in tag(response, "input", 'name="username"')
    assert 'aria-describedby="password-error"' in tag(response, "input", 'name="password"')
    assert words(response).count("Vul je wachtwoord in.") == 2  # above the form and at the field


def test_a_password_manager_knows_the_fields(client, db):
    response = client.get(LOGIN)
    assert 'autocomplete="username"' in tag(response, "input", 'name="username"')
    assert 'autocomplete="current-password"' in tag(response, "input", 'name="password"')
    assert is_bare(response)


def test_a_script_as_name_is_shown_as_text(client, db):
    response = client.post(LOGIN, {"username": NASTY, "password": "mis"})
    assert NASTY_IN_HTML in response.content.decode()
    assert is_bare(response)


ELSEWHERE = {"REMOTE_ADDR": "192.168.1.50"}  # another device on the wifi of the hall


def guess(client, settings, name="alice", **where):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post(LOGIN, {"username": name, "password": "mis"}, **where)
    return response


def test_ten_wrong_guesses_slow_down_that_name_alone(client, alice, bob, settings):
    response = guess(client, settings, **ELSEWHERE)
    assert response.status_code == 429
    assert "Wacht een minuut en probeer het dan opnieuw." in words(response)
    assert client.post(LOGIN, {"username": "alice", "password": PASSWORD}, **ELSEWHERE).status_code == 429
    assert client.post(LOGIN, {"username": "bob", "password": PASSWORD}, **ELSEWHERE).status_code == 302


def test_a_guesser_does_not_keep_out_a_device_that_logged_in_before(client_of, alice, settings):
    known = client_of()
    assert known.post(LOGIN, {"username": "alice", "password": PASSWORD}, **ELSEWHERE).status_code == 302
    known.post("/uitloggen")
    assert guess(client_of(), settings, **ELSEWHERE).status_code == 429
    assert known.post(LOGIN, {"username": "alice", "password": PASSWORD}, **ELSEWHERE).status_code == 302


def test_a_device_is_known_for_its_own_name_alone(client_of, alice, bob, settings):
    known = client_of()
    known.post(LOGIN, {"username": "bob", "password": PASSWORD}, **ELSEWHERE)
    assert guess(known, settings, **ELSEWHERE).status_code == 429


@pytest.mark.parametrize("value", ["", "x", "1:2:3", "é"])
def test_a_forged_device_is_unknown(client, alice, settings, value):
    client.cookies["bekend"] = value
    assert guess(client, settings, **ELSEWHERE).status_code == 429


def test_a_guesser_does_not_keep_out_the_laptop_itself(client, alice, settings):
    guess(client, settings, **ELSEWHERE)
    assert client.post(LOGIN, {"username": "alice", "password": PASSWORD}, REMOTE_ADDR="127.0.0.1").status_code == 302


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_or_tunnel_passed_on_is_not_the_laptop_itself(client, alice, settings, header):
    name = f"HTTP_{header.upper().replace('-', '_')}"
    assert guess(client, settings, **{"REMOTE_ADDR": "127.0.0.1", name: "127.0.0.1"}).status_code == 429


def test_on_a_server_nobody_is_the_laptop_itself(client, alice, settings):
    settings.IS_HTTPS = True
    assert guess(client, settings, REMOTE_ADDR="127.0.0.1").status_code == 429


def test_what_was_typed_wrong_is_forgotten_once_it_counts_no_more(client, alice, settings):
    client.post(LOGIN, {"username": "alice", "password": "mis"}, **ELSEWHERE)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=2))
    Session.objects.create(session_key="x", session_data="", expire_date=timezone.now() - timedelta(days=1))
    tidy()
    assert (AccessAttempt.objects.count(), Session.objects.count()) == (0, 0)


def test_the_overview_leads_to_a_new_password(client_of, alice, edition):
    assert f'href="{reverse("password_change")}"' in client_of(alice).get("/bijeenkomsten").content.decode()


def test_a_new_password_takes_over_and_the_facilitator_stays_logged_in(client_of, client, alice, edition):
    browser = client_of(alice)
    data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    response = browser.post("/wachtwoord", data)
    assert response.url == reverse("overview")
    assert browser.get(response.url).status_code == 200
    assert client.post(LOGIN, {"username": "alice", "password": NEW}).status_code == 302


def test_a_wrong_old_password_changes_nothing(client_of, alice):
    data = {"old_password": "mis", "new_password1": NEW, "new_password2": NEW}
    response = client_of(alice).post("/wachtwoord", data)
    assert "Dit is niet je wachtwoord van nu. Typ het nog een keer." in words(response)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_two_different_new_passwords_change_nothing(client_of, alice):
    data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": "iets-anders-dan-dat"}
    response = client_of(alice).post("/wachtwoord", data)
    assert 'aria-invalid="true"' in tag(response, "input", 'name="new_password2"')
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_the_fields_of_a_new_password_are_known_too(client_of, alice):
    response = client_of(alice).get("/wachtwoord")
    assert 'autocomplete="current-password"' in tag(response, "input", 'name="old_password"')
    assert 'autocomplete="new-password"' in tag(response, "input", 'name="new_password1"')
    assert is_bare(response)


def test_a_stranger_cannot_change_a_password(client, db):
    assert client.get("/wachtwoord").url == "/inloggen?next=/wachtwoord"


async def test_strangers_who_log_in_wait_for_each_other_and_who_was_here_before_does_not(monkeypatch):
    release = threading.Event()

    def check() -> str:
        release.wait(10)
        return "checked"

    strangers = [asyncio.create_task(threads.check_password(False, check)) for _ in range(threads.MOST_GUESSERS)]
    await asyncio.sleep(0.1)
    assert await threads.check_password(False, check) is None  # too many wait already
    known = asyncio.create_task(threads.check_password(True, lambda: "in"))
    assert await asyncio.wait_for(known, 5) == "in"
    release.set()
    assert await asyncio.gather(*strangers) == ["checked"] * threads.MOST_GUESSERS


@pytest.mark.parametrize(
    ("client", "headers", "expected"),
    [
        ("127.0.0.1", [], True),
        ("192.168.1.50", [], False),
        ("127.0.0.1", [(b"x-forwarded-for", b"192.168.1.50")], False),
        ("192.168.1.50", [(b"cookie", b"sessionid=x")], True),
        ("192.168.1.50", [(b"cookie", b"bekend=forged")], False),
    ],
)
def test_who_need_not_wait_with_strangers(client, headers, expected):
    scope = {"type": "http", "method": "POST", "path": "/inloggen", "query_string": b"", "headers": headers}
    assert is_acquaintance({**scope, "client": [client, 1], "server": ["x", 80]}) == expected


OPEN = "Deze verbinding heeft geen slot."


def test_who_logs_in_over_the_wifi_of_a_hall_is_told_before_typing_that_others_can_read_along(client, alice, caplog):
    assert OPEN in words(client.get(LOGIN, **ELSEWHERE))
    client.post(LOGIN, {"username": "alice", "password": PASSWORD}, **ELSEWHERE)
    assert [record.getMessage()[:44] for record in caplog.records] == ["Er is ingelogd vanaf een ander toestel, zond"]


def test_on_the_laptop_itself_and_over_tls_nobody_reads_along(client, alice, settings, caplog):
    assert OPEN not in words(client.get(LOGIN, REMOTE_ADDR="127.0.0.1"))
    settings.IS_HTTPS = True
    assert OPEN not in words(client.get(LOGIN, **ELSEWHERE))
    client.post(LOGIN, {"username": "alice", "password": PASSWORD}, **ELSEWHERE)
    assert caplog.records == []


def test_the_laptop_that_comes_by_its_own_address_on_the_wifi_is_still_the_laptop(client, settings, monkeypatch):
    monkeypatch.setattr(look, "list", lambda: (Interface("wlan0", "wifi", "192.168.1.7"),))
    settings.AT_HOME = True
    assert OPEN not in words(client.get(LOGIN, REMOTE_ADDR="192.168.1.7"))
    assert OPEN in words(client.get(LOGIN, REMOTE_ADDR="192.168.1.8"))
    assert OPEN in words(client.get(LOGIN, REMOTE_ADDR="192.168.1.7", HTTP_X_FORWARDED_FOR="192.168.1.8"))
    settings.AT_HOME = False
    assert OPEN in words(client.get(LOGIN, REMOTE_ADDR="192.168.1.7"))


@pytest.mark.parametrize("page", ["registration/login.html", "registration/locked.html"])
def test_only_at_home_the_way_to_a_new_password_is_a_command(rf, settings, page):
    def read() -> str:
        return render_to_string(page, {"form": AuthenticationForm()}, rf.get(LOGIN))

    assert ("Vraag de beheerder" in read(), "make password" in read()) == (True, False)
    settings.AT_HOME = True
    assert ("Vraag de beheerder" in read(), "make password" in read()) == (False, True)
