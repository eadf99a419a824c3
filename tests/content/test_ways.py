import msgspec
import pytest

from content.graph import PHASES, Place
from content.ways import find_leading_to, find_place, find_reached, find_way, ways_within

# Loops on purpose: groups may go back.
WAYS = {"a": ("b", "c"), "b": ("a", "d"), "c": ("d",), "d": (), "alone": ("alone",)}


@pytest.mark.parametrize(
    ("goal", "avoid", "way"),
    [
        ("d", "b", ("a", "c", "d")),
        ("d", "c", ("a", "b", "d")),
        ("a", "d", ("a",)),
        ("d", "a", None),
        ("alone", "d", None),
    ],
)
def test_a_way_is_the_shortest_that_avoids_a_question(goal, avoid, way):
    assert find_way(WAYS, "a", goal, avoid) == way


def test_every_question_that_leads_to_the_goal_is_found_the_goal_too():
    assert find_leading_to(WAYS, "d") == {"a", "b", "c", "d"}


def test_a_place_is_found_only_where_there_is_one(library):
    assert find_place(library, "startfase", "twee") == Place("startfase", "twee")
    assert find_place(library, "startfase", "fase:actiefase") == Place("actiefase", "een")
    assert find_place(library, "startfase", "fase:actiefase/vier") is None
    assert find_place(library, "startfase", "fase:proeffase") is None
    assert find_place(library, "startfase", "vier") is None


def test_ways_stay_within_the_phase_and_count_for_a_role_only_what_it_may_choose(library):
    tree = library.tree("startfase")
    node = tree.node("een")
    away = msgspec.structs.replace(node.answers[1], next="fase:richtfase")
    node = msgspec.structs.replace(node, answers=(node.answers[0], away, node.answers[2]))
    tree = msgspec.structs.replace(tree, nodes=(node, *tree.nodes[1:]))
    assert ways_within(library, tree)["een"] == ("twee", "twee")
    assert ways_within(library, tree, "wijkprofessional")["een"] == ("twee",)
    assert ways_within(library, tree)["einde"] == ()


def test_every_place_of_a_whole_library_is_reached(library):
    every = {Place(phase, node.slug) for phase in PHASES for node in library.tree(phase).nodes}
    assert find_reached(library) == every
