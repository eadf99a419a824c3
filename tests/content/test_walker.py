"""The path of somebody who walks alone, as it is written in the address and read back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.alone import MOST_STEPS, AddressError, Taken, find_next, read_trail, write_trail
from content.graph import Place


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_walk_with_jumps_comes_back_from_the_address_as_it_was(library, data):
    there = {}
    for spot in library.occurrences():
        step = Taken(Place(spot.tree.phase, spot.node.slug), spot.answer.slug)
        there.setdefault(step.place, []).append(step)
    steps = []
    for _ in range(data.draw(st.integers(0, MOST_STEPS))):
        here = there.get(find_next(library, steps[-1])) if steps and data.draw(st.booleans()) else None
        steps.append(data.draw(st.sampled_from(here or there[data.draw(st.sampled_from(list(there)))])))
    written = write_trail(library, tuple(steps))
    assert read_trail(library, written) == tuple(steps)
    assert len(written) < 4000


def test_an_address_that_begins_nowhere_is_refused(library):
    with pytest.raises(AddressError):
        read_trail(library, "startfase.aanleiding")
