"""Installations as people make them."""

from pathlib import Path

import pytest

from tests.browser import make_once, prepared, static_root  # noqa: F401  fixtures
from tests.hosting.test_start import Started


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a first start leaves, once for all workers: the folder `data`, and what it said in `start.log`."""
    return make_once(tmp_path_factory, "first", lambda folder: Started(folder).process.stop())
