"""Each test here owns its servers, and kills them."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.browser import browser  # noqa: F401  fixture
from tests.faults.hall import CORES
from tests.load.systems import Buurtboom
from tests.once import make_once
from tests.servers import Postgres, Redis


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Buurtboom:
    """What every SQLite server begins with: the content, one account and the static files. Never started itself."""
    folder = make_once(tmp_path_factory, "prepared", lambda folder: Buurtboom(folder, CORES).prepare())
    system = Buurtboom(folder, CORES)
    system.take_over()
    return system


class Hosted(NamedTuple):
    """Two servers as docker-compose starts them, and what they lean on."""

    postgres: Postgres
    redis: Redis
    one: Buurtboom
    two: Buurtboom


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    folder = tmp_path_factory.mktemp("hosted")
    postgres, redis = Postgres(folder / "postgres"), Redis(folder)
    postgres.prepare()
    settings = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
    one, two = Buurtboom(folder, CORES, **settings), Buurtboom(folder, CORES, **settings)
    try:
        postgres.start()
        redis.start()
        one.prepare()
        two.share(one)
        one.start()
        two.start()
        yield Hosted(postgres, redis, one, two)
    finally:
        for part in (one, two, redis, postgres):
            part.stop()
