"""The front door, and the page for when something is wrong."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.urls import reverse

from facilitation.views import errors
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, is_bare, tag, words

pytestmark = pytest.mark.django_db


def test_a_known_code_leads_to_the_phone(client, session):
    response = client.get("/", {"code": session.code})
    assert response.status_code == 302
    assert response.url == reverse("phone", args=[session.code])


def test_a_code_may_be_typed_in_small_letters_and_in_two_groups(client, session):
    typed = f" {session.code[:3]} {session.code[3:]} ".lower()
    assert client.get("/", {"code": typed}).url == reverse("phone", args=[session.code])


def test_an_unknown_code_stays_in_its_field_with_the_error_beside_it(client, db):
    response = client.get("/", {"code": "QQQ 222"})
    assert response.status_code == 404
    field = tag(response, "input", 'name="code"')
    assert 'value="QQQ 222"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="code-error code-hint"' in field
    assert "Deze code kennen we niet. Kijk nog eens op het scherm." in words(response)


def test_without_a_code_nothing_is_wrong(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "aria-invalid" not in response.content.decode()
    assert is_bare(response)


def test_a_script_as_code_is_shown_as_text(client, db):
    response = client.get("/", {"code": NASTY})
    assert NASTY_IN_HTML[:30] in response.content.decode()
    assert is_bare(response)


def test_a_visitor_can_log_in_practise_alone_and_read(client, db):
    page = client.get("/").content.decode()
    for name in ("login", "alone", "library"):
        assert f'class="button" href="{reverse(name)}"' in page


def test_a_facilitator_goes_straight_to_the_sessions(client_of, alice):
    page = client_of(alice).get("/").content.decode()
    assert f'class="button" href="{reverse("overview")}"' in page
    assert f'href="{reverse("login")}"' not in page


def test_an_unknown_page_says_so_and_leads_on(client, db):
    response = client.get("/bestaat/niet")
    assert response.status_code == 404
    assert "Deze pagina is er niet. Kijk of het adres klopt." in words(response)
    assert f'href="{reverse("home")}"' in response.content.decode()
    assert f'href="{reverse("overview")}"' in response.content.decode()
    assert is_bare(response)


def test_a_fault_is_told_without_asking_the_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = errors.show_fault(rf.get("/"))
    assert response.status_code == 500
    assert "Wat al is opgeslagen, blijft." in words(response)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_database_that_is_away_or_full_is_told_with_what_to_look_at(client, monkeypatch, accept):
    def fail(*args, **kwargs):
        raise OperationalError("database or disk is full")

    client.raise_request_exception = False
    monkeypatch.setattr(CursorWrapper, "execute", fail)
    response = client.get("/m/KRTWNX/stand", headers={"Accept": accept})
    told = response.json()["message"] if accept == "application/json" else words(response)
    assert response.status_code == 503
    assert "We kunnen nu niets opslaan." in told
    assert "Kijk of de schijf van de computer vol is." in told


def test_a_fault_of_somebody_who_is_logged_in_asks_no_user(rf, django_assert_num_queries):
    class Trap(AnonymousUser):
        @property
        def is_authenticated(self):
            raise AssertionError("the error page asked who this is")

    request = rf.get("/")
    request.user = Trap()
    with django_assert_num_queries(0):
        assert errors.show_fault(request).status_code == 500
