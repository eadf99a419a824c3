"""Each test here owns its servers, and kills them."""

import pytest

from tests.browser import browser, static_root  # noqa: F401  fixtures
from tests.faults.hall import CORES
from tests.load.systems import Buurtboom


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Buurtboom:
    """What every SQLite server begins with: the content, one account and the static files. Never started itself."""
    system = Buurtboom(tmp_path_factory.mktemp("prepared"), CORES)
    system.prepare()
    return system
