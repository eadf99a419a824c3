"""Pages over ASGI: the whole chain of Django in one visit to a thread."""

import pytest
from channels.testing import HttpCommunicator
from django.templatetags.static import static

from facilitation.live.house import house
from facilitation.logins import is_acquaintance
from facilitation.server.web import PageHandler
from tests.facilitation.screens import let_go_of_the_database

pytestmark = pytest.mark.django_db(transaction=True)
HOST = [(b"host", b"localhost")]


def make_handler() -> PageHandler:
    return PageHandler(house.open, is_acquaintance)


async def ask(method: str, path: str, body: bytes = b"", headers: list[tuple[bytes, bytes]] | None = None):
    response = await HttpCommunicator(make_handler(), method, path, body, HOST + (headers or [])).get_response(
        timeout=10
    )
    await let_go_of_the_database()
    return response


async def test_a_page_comes_with_its_headers_and_cookies(session):
    response = await ask("GET", f"/m/{session.code}/rol")
    headers = [name.lower() for name, _ in response["headers"]]
    assert response["status"] == 200
    assert b"Wie ben jij vandaag?" in response["body"]
    assert (headers.count(b"set-cookie"), b"content-security-policy" in headers) == (2, True)
    (length,) = [value for name, value in response["headers"] if name.lower() == b"content-length"]
    assert int(length) == len(response["body"])


async def test_the_addresses_of_a_page_do_not_depend_on_what_daphne_takes_for_its_root(session):
    communicator = HttpCommunicator(make_handler(), "GET", f"/m/{session.code}/rol", b"", HOST)
    communicator.scope["root_path"] = "/elders"
    response = await communicator.get_response(timeout=10)
    await let_go_of_the_database()
    assert response["status"] == 200
    assert b"elders" not in response["body"]


async def test_a_static_file_comes_whole(db):
    response = await ask("GET", static("css/base.css"))
    assert response["status"] == 200
    assert response["body"].strip().endswith(b"}"), "the last rule is not there"


async def test_a_form_is_read_and_one_without_token_is_refused(session):
    form = [(b"content-type", b"application/x-www-form-urlencoded")]
    response = await ask("POST", f"/m/{session.code}/rol", b"role=inwoner", form)
    assert response["status"] == 403


async def test_a_host_that_is_not_ours_is_refused(db):
    response = await HttpCommunicator(make_handler(), "GET", "/", b"", [(b"host", b"elders.example")]).get_response(10)
    await let_go_of_the_database()
    assert response["status"] == 400
