"""What every test may use. Named people: Alice leads, Bob leads elsewhere, and there is always a stranger."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

# Every run tries other examples; a slow machine is not a failure.
settings.register_profile("buurtboom", deadline=None, print_blob=True)
settings.load_profile("buurtboom")

PASSWORD = "een-lang-wachtwoord"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite as it runs at home: a file, not memory shared by threads."""
    from django.conf import settings as django_settings

    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def library():
    """The content as shipped."""
    from content.files import LIBRARY_FOLDER, load_library

    return load_library(LIBRARY_FOLDER)


@pytest.fixture
def edition(db, library):
    from content.editions import load_library, publish_library

    load_library.cache_clear()  # ids start over in every test database
    return publish_library(library)[0]


@pytest.fixture
def team(db):
    from sessions.models import Team

    return Team.objects.get(name="Ons team")


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
    from sessions.commands import open_session

    return open_session(team=team, facilitator=alice, title="Veilig oversteken", buurt="Vogelbuurt", phase="startfase")


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
