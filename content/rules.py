"""What a library must hold before a group may walk it. Pure: no Django, no YAML.

These are the rules of SCHEMA.md. None stops at the first problem. What holds within one tree is in
`content.tree_rules`, what holds for any text in `content.text_rules`; here is what holds across the files.
"""

from collections import Counter
from collections.abc import Iterator

from content.graph import PHASES, Library
from content.problems import ELEMENTS_FILE, INTERVENTIONS_FILE, ROLES_FILE, Problem, Spot, tree_file
from content.text_rules import check_doubles, check_link, check_slugs, check_texts, join_values
from content.tree_rules import check_tree, has_loose_ways
from content.ways import find_reached

ELEMENT_COUNT = 10
INTERVENTION_COUNT = 5


def find_problems(library: Library) -> list[Problem]:
    """Everything that is wrong with a library. An empty list means that it may be published."""
    return [
        *_check_roles(library),
        *_check_phases(library),
        *(problem for tree in library.trees for problem in check_tree(library, tree)),
        *_check_reached(library),
        *_check_elements(library),
        *_check_interventions(library),
    ]


def _check_roles(library: Library) -> Iterator[Problem]:
    if not library.roles:
        yield Problem(ROLES_FILE, "roles", "Er is geen enkele rol.", "Zet er een rol bij.")
    yield from check_slugs(ROLES_FILE, (role.slug for role in library.roles), Spot())
    for role in library.roles:
        yield from check_texts(ROLES_FILE, role, Spot().into(role.slug))


def _check_phases(library: Library) -> Iterator[Problem]:
    """Each phase has one tree, and the trees are numbered in the order of the phases."""
    counts = Counter(tree.phase for tree in library.trees)
    for phase in PHASES:
        if counts[phase] != 1:
            what = f"Aantal bomen voor de {phase}: {counts[phase]}."
            yield Problem(tree_file(phase), "", what, "Maak er precies één.")
    for tree in library.trees:
        if tree.phase not in PHASES:
            what = f"De fase '{tree.phase}' bestaat niet."
            yield Problem(tree_file(tree.phase), "phase", what, f"Kies uit: {join_values(PHASES)}.")
        elif tree.order != (order := PHASES.index(tree.phase) + 1):
            yield Problem(tree_file(tree.phase), "order", f"Hier staat {tree.order}.", f"Zet er {order}.")


def _check_reached(library: Library) -> Iterator[Problem]:
    """Every question can be come to: from the start of its phase, or by a jump from another phase."""
    if any(has_loose_ways(library, tree) for tree in library.trees):
        return  # reported; which questions it cuts off would only be noise
    reached = find_reached(library)
    for tree in library.trees:
        here = {place.node for place in reached if place.phase == tree.phase}
        for node in tree.nodes:
            if node.slug not in here:
                mend = "Laat een antwoord hierheen leiden, of haal deze vraag weg."
                yield Problem(tree_file(tree.phase), node.slug, "Geen enkele weg leidt hierheen.", mend)


def _check_elements(library: Library) -> Iterator[Problem]:
    file = ELEMENTS_FILE
    numbers = sorted(element.number for element in library.elements)
    if numbers != [*range(1, ELEMENT_COUNT + 1)]:
        mend = f"Gebruik elk nummer van 1 tot en met {ELEMENT_COUNT} één keer."
        yield Problem(file, "elements", f"De nummers van de elementen zijn: {join_values(numbers)}.", mend)
    yield from check_slugs(file, (element.slug for element in library.elements), Spot())
    used = {use.number for found in library.occurrences() for use in found.answer.elements}
    for element in library.elements:
        spot = Spot().into(element.slug)
        yield from check_texts(file, element, spot)
        for index, fact in enumerate(element.facts, start=1):
            yield from check_link(file, fact.source, spot.at("facts").item(index).at("source"))
        if element.number not in used:
            yield _report_unused(file, spot)


def _check_interventions(library: Library) -> Iterator[Problem]:
    file = INTERVENTIONS_FILE
    count = len(library.interventions)
    if count != INTERVENTION_COUNT:
        yield Problem(file, "interventions", f"Aantal interventies: {count}.", f"Maak er {INTERVENTION_COUNT}.")
    yield from check_slugs(file, (intervention.slug for intervention in library.interventions), Spot())
    used = {use.slug for found in library.occurrences() for use in found.answer.interventions}
    known = {element.number for element in library.elements}
    for intervention in library.interventions:
        spot = Spot().into(intervention.slug)
        yield from check_texts(file, intervention, spot)
        for number in sorted(set(intervention.elements) - known):
            what = f"Werkzaam element {number} bestaat niet."
            yield Problem(file, str(spot.at("elements")), what, f"Kies een nummer uit {ELEMENTS_FILE}.")
        yield from check_doubles(file, intervention.elements, spot.at("elements"))
        for index, link in enumerate(intervention.sources, start=1):
            yield from check_link(file, link, spot.at("sources").item(index))
        if intervention.slug not in used:
            yield _report_unused(file, spot)


def _report_unused(file: str, spot: Spot) -> Problem:
    return Problem(file, str(spot), "Geen enkel antwoord gebruikt dit.", "Zet het bij een antwoord, of haal het weg.")
