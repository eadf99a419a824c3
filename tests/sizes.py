"""How much a test plays: what `make test` has time for, or all of it in `make test-long`."""

import os
from collections.abc import Container, Mapping
from typing import Any, TypeVar

import pytest

Thing = TypeVar("Thing")

IS_LONG = os.environ.get("TEST_LONG") == "1"


def pick(usual: Thing, long: Thing) -> Thing:
    """What of these two belongs to this run."""
    return long if IS_LONG else usual


def name_ways(ways: Mapping[str, object], *, usual: Container[str]) -> list[Any]:
    """Parameters with their names, of which `make test` plays the usual ones."""
    return [pytest.param(way, id=name, marks=() if name in usual else pytest.mark.slow) for name, way in ways.items()]
