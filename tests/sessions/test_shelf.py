"""A shelf keeps what fits, however many put something there."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from sessions.shelf import Shelf


@pytest.fixture
def _hasty_threads():
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_what_was_put_first_goes_first():
    shelf: Shelf[str, int] = Shelf(2)
    assert [shelf.put(key, value) for key, value in (("a", 1), ("b", 2), ("c", 3))] == [1, 2, 3]
    assert [shelf.get(key) for key in "abc"] == [None, 2, 3]


def test_a_newer_thing_takes_the_place_of_an_older_one():
    shelf: Shelf[str, int] = Shelf(2)
    shelf.put("a", 1)
    shelf.put("a", 2)
    assert (shelf.get("a"), len(shelf)) == (2, 1)


@pytest.mark.usefixtures("_hasty_threads")
def test_many_threads_may_put_things_there_at_once():
    shelf: Shelf[tuple[int, int], int] = Shelf(3)

    def put_much(who: int) -> int:
        return sum(shelf.put((who, number), 1) for number in range(20_000))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(put_much, range(8))) == [20_000] * 8
    assert len(shelf) == 3


def test_an_empty_shelf_has_nothing():
    shelf: Shelf[str, int] = Shelf(2)
    shelf.put("a", 1)
    shelf.clear()
    assert (shelf.get("a"), len(shelf)) == (None, 0)
