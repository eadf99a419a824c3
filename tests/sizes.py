"""How much a test plays: what `make test` has time for, or all of it in `make test-long`."""

import os
from typing import TypeVar

Thing = TypeVar("Thing")

IS_LONG = os.environ.get("TEST_LONG") == "1"


def pick(usual: Thing, long: Thing) -> Thing:
    """What of these two belongs to this run."""
    return long if IS_LONG else usual
