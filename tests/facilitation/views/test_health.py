"""Whether this server can work: its database and its channel layer answer, or it says which is silent."""

import asyncio

import pytest
from channels.layers import InMemoryChannelLayer
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper

OK = (200, {"status": "ok"})


class SilentLayer(InMemoryChannelLayer):
    """A channel layer whose Redis went away."""

    async def group_send(self, group, message):
        raise ConnectionRefusedError("no redis here")


@pytest.fixture
def silent_layer(settings, monkeypatch):
    from channels.layers import channel_layers

    monkeypatch.setattr(channel_layers, "backends", {"default": SilentLayer()})


@pytest.fixture
def silent_database(monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("no database here")

    monkeypatch.setattr(CursorWrapper, "execute", fail)


def ask(client):
    response = client.get("/healthz")
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, response.json()


@pytest.mark.django_db
def test_a_server_that_can_work_says_so(client):
    assert ask(client) == OK


@pytest.mark.django_db
def test_a_silent_database_is_told(client, silent_database):
    assert ask(client) == (503, {"status": "fault", "silent": ["database"]})


@pytest.mark.django_db
def test_a_silent_channel_layer_is_told(client, silent_layer):
    assert ask(client) == (503, {"status": "fault", "silent": ["channel layer"]})


@pytest.mark.django_db
def test_when_both_are_silent_both_are_told(client, silent_database, silent_layer):
    assert ask(client) == (503, {"status": "fault", "silent": ["database", "channel layer"]})


@pytest.mark.django_db
def test_it_says_nothing_about_why_or_where(client, silent_database, silent_layer):
    page = client.get("/healthz").content.decode()
    assert "here" not in page
    assert "Error" not in page


@pytest.mark.django_db
def test_it_works_again_when_they_are_back(client, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("no database here")

    with monkeypatch.context() as broken:
        broken.setattr(CursorWrapper, "execute", fail)
        assert ask(client)[0] == 503
    assert ask(client) == OK


@pytest.mark.django_db
def test_asking_leaves_nothing_behind(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert ask(client) == OK


def test_a_layer_that_fails_does_so_in_this_test_too():
    """The stand-in fails as the real one does."""
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(SilentLayer().group_send("health", {"type": "health"}))
