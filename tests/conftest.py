"""What every test may use. Named people: Alice leads, Bob leads elsewhere, and there is always a stranger."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.actors import LEADER
from tests.once import make_once
from tests.sizes import pick

# Every run tries other examples; a slow machine is not a failure.
settings.register_profile("buurtboom", deadline=None, print_blob=True, max_examples=pick(10, 500))
settings.load_profile("buurtboom")

# A run makes much and drops it at once: looking for circles after each 700 things takes a fortieth of it.
gc.set_threshold(50_000, 20, 50)

PASSWORD = "een-lang-wachtwoord"


def pytest_itemcollected(item: pytest.Item) -> None:
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        item.add_marker("long")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite as it runs at home: a file, not memory shared by threads. Each worker has a database of its own."""
    from django.conf import settings as django_settings

    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hashed names that templates link to, once for all workers and all their servers."""
    from django.conf import settings as django_settings
    from django.core.management import call_command

    def collect(folder: Path) -> None:
        django_settings.STATIC_ROOT = folder
        call_command("collectstatic", interactive=False, verbosity=0)

    return make_once(tmp_path_factory, "static", collect)


@pytest.fixture(scope="session", autouse=True)
def _static_files(static_root: Path) -> None:
    from django.conf import settings as django_settings

    django_settings.STATIC_ROOT = static_root


@pytest.fixture(scope="session", autouse=True)
def _one_set_of_middleware() -> Iterator[None]:
    """Every new client would look at all static files again: one set serves all that ask for the same."""
    from django.conf import settings as django_settings
    from django.test.client import ClientHandler

    load, loaded = ClientHandler.load_middleware, {}

    def load_once(handler: Any, is_async: bool = False) -> None:
        key = (*django_settings.MIDDLEWARE, django_settings.DEBUG, is_async)
        if key not in loaded:
            load(handler, is_async)
            loaded[key] = handler._middleware_chain
        handler._middleware_chain = loaded[key]

    ClientHandler.load_middleware = load_once
    yield
    ClientHandler.load_middleware = load


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A slow hash protects real accounts; here it would only cost minutes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_screens_of_another_test() -> None:
    """Screens stand ready by session and version, and every test has a first session.

    A loop that ended leaves its channel in the layer, which would go on to send to it: hundreds of times, later on.
    """
    from channels.layers import channel_layers

    from facilitation.guesses import guesses
    from facilitation.live.manners import manners
    from sessions.shelf import Shelf

    manners.forget()
    guesses.forget()

    Shelf.clear_all()
    channel_layers.backends.clear()


@pytest.fixture(scope="session")
def shipped():
    """The content as shipped."""
    from content.files import LIBRARY_FOLDER, read_library

    return read_library(LIBRARY_FOLDER)


@pytest.fixture(scope="session")
def library(shipped):
    return shipped


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, shipped):
    """Publish the content once, and return its row: checking it for every test that flushes would take long."""
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.models.signals import post_migrate

    from content.editions import publish_library

    # A flush would name each table and the rights to it anew, and nobody uses those.
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    with django_db_blocker.unblock():
        published, _ = publish_library(shipped)
    return {"name": published.name, "digest": published.digest, "document": published.document}


@pytest.fixture
def edition(db, django_db_setup):
    from content.models import Edition

    return Edition.objects.first() or Edition.objects.create(**django_db_setup)


@pytest.fixture
def team(db):
    from sessions.models import Team

    return Team.objects.get_or_create(name="Ons team")[0]  # a test that flushes takes the one of the migration


@pytest.fixture
def alice(team, django_user_model):
    user = django_user_model.objects.create_user("alice", password=PASSWORD)
    team.members.add(user)
    return user


@pytest.fixture
def bob(db, django_user_model):
    """Leads sessions too, in another team."""
    from sessions.models import Team

    user = django_user_model.objects.create_user("bob", password=PASSWORD)
    Team.objects.create(name="Een ander team").members.add(user)
    return user


@pytest.fixture
def session(edition, team, alice):
    from sessions.writing.meetings import open_session

    opened = open_session(
        team=team, facilitator=alice, title="Veilig oversteken", buurt="Vogelbuurt", phase="startfase", actor=LEADER
    )
    opened.code = "KRTWNX"  # without figures, which a test that looks for counts could mistake for one
    opened.save()
    return opened


@pytest.fixture
def client_of() -> Callable[..., Any]:
    """A browser in which this user is logged in; without user a stranger's."""
    from django.test import Client

    def make(user: Any = None, **kwargs: Any) -> Client:
        client = Client(**kwargs)
        if user is not None:
            client.force_login(user)
        return client

    return make
