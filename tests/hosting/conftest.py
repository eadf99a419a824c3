"""Installations as people make them."""

from pathlib import Path

import pytest

from tests.browser import prepared  # noqa: F401  fixture
from tests.hosting.test_start import Started
from tests.once import make_once


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a first start leaves, once for all workers: the folder `data`, and what it said in `start.log`."""
    return make_once(tmp_path_factory, "first", lambda folder: Started(folder).process.stop())
