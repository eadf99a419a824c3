"""No address does anything for a method that it does not know."""

import re

import pytest

from facilitation.urls import urlpatterns
from tests.facilitation.screens import CarefulClient

PARTS = {
    "line": "1",
    "link": "1",
    "token": "a" * 22,
    "secret": "a" * 22,
    "kind": "md",
    "phase": "startfase",
    "node": "aanleiding",
    "answer": "probleem",
    "slug": "inclusief-werken",
}


def fill(route: str, code: str) -> str:
    return "/" + re.sub(r"<\w+:(\w+)>", lambda part: {"code": code, "trajectory": "1", **PARTS}[part[1]], route)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_route_answers_a_method_that_nobody_uses(session, alice, method):
    client = CarefulClient()
    client.force_login(alice)
    answers = {
        str(route.pattern): getattr(client, method)(fill(str(route.pattern), session.code)).status_code
        for route in urlpatterns
    }
    assert answers == dict.fromkeys(answers, 405)
