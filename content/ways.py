"""The ways through a tree: where each question can lead, for the group or for one role alone. No Django here."""

from collections import deque
from collections.abc import Iterator, Mapping

from content.graph import Library, Place, Tree

Ways = Mapping[str, tuple[str, ...]]


def find_place(library: Library, phase: str, target: str) -> Place | None:
    """The place a `next` leads to, seen from a phase, or None when there is no such place."""
    try:
        place = library.resolve(phase, target)
        library.node(place)
    except KeyError:
        return None
    return place


def ways_within(library: Library, tree: Tree, role: str | None = None) -> Ways:
    """For each question of a tree the questions that follow, without leaving the phase; for all, or for one role."""
    return {
        node.slug: tuple(
            place.node
            for answer in node.answers
            if answer.is_open_to(role)
            if (place := find_place(library, tree.phase, answer.next)) and place.phase == tree.phase
        )
        for node in tree.nodes
    }


def find_way(ways: Ways, start: str, goal: str, avoid: str) -> tuple[str, ...] | None:
    """The shortest way from start to goal that does not touch `avoid`, or None when there is none."""
    came_from: dict[str, str | None] = {start: None} if start != avoid else {}
    queue = deque(came_from)
    while queue:
        node = queue.popleft()
        if node == goal:
            return tuple(reversed(tuple(_walk_back(came_from, node))))
        for following in ways.get(node, ()):
            if following != avoid and following not in came_from:
                came_from[following] = node
                queue.append(following)
    return None


def _walk_back(came_from: Mapping[str, str | None], node: str | None) -> Iterator[str]:
    while node is not None:
        yield node
        node = came_from[node]


def find_leading_to(ways: Ways, goal: str) -> frozenset[str]:
    """Every question from which the goal can be reached, the goal too."""
    leading = {goal}
    while more := {node for node, following in ways.items() if node not in leading and leading.intersection(following)}:
        leading |= more
    return frozenset(leading)


def find_reached(library: Library) -> frozenset[Place]:
    """Every place that a group can come to from the start of some phase, by answers, jumps and what an end offers."""
    reached: set[Place] = set()
    ahead: list[Place | None] = [find_place(library, tree.phase, tree.start) for tree in library.trees]
    while ahead:
        place = ahead.pop()
        if place is None or place in reached:
            continue
        reached.add(place)
        node = library.node(place)
        targets = [answer.next for answer in node.answers] + [follow_up.next for follow_up in node.follow_up]
        ahead += [find_place(library, place.phase, target) for target in targets]
    return frozenset(reached)
