"""What one tree must hold before a group may walk it. Pure: no Django, no YAML."""

from collections.abc import Iterator
from typing import NamedTuple

from content.graph import Answer, FollowUp, Library, Node, Tree
from content.problems import ELEMENTS_FILE, Problem, Spot, tree_file
from content.text_rules import (
    check_doubles,
    check_length,
    check_sentences,
    check_slugs,
    check_texts,
    is_slug,
    join_values,
    report_empty,
)
from content.ways import find_leading_to, find_place, find_way, ways_within

ANSWER_MAX = 90  # a speech bubble on a phone
REFLECTION_MAX = 330  # what a beamer shows at once
PROMPT_MAX = 120  # leaves room to write on the same line
NODES = range(8, 15)
ANSWERS = range(3, 6)
PICTURE_PHASES = ("startfase",)
PLAN_PHASES = ("richtfase", "actiefase")
INDICATOR_PHASES = ("evaluatiefase",)


def check_tree(library: Library, tree: Tree) -> Iterator[Problem]:
    """Everything that is wrong within one tree."""
    file = tree_file(tree.phase)
    yield from check_texts(file, tree, Spot())
    if len(tree.nodes) not in NODES:
        what = f"Aantal vragen, met het einde erbij: {len(tree.nodes)}."
        yield Problem(file, "nodes", what, f"Maak er {NODES[0]} tot en met {NODES[-1]}.")
    yield from check_slugs(file, (node.slug for node in tree.nodes), Spot())
    for node in tree.nodes:
        yield from (_check_end if node.is_end else _check_question)(library, tree, node, Spot().into(node.slug))
    crooked = [*_check_spine(tree)]
    yield from crooked
    # A way to nowhere has been reported. What it keeps from being reached would only be noise.
    if not crooked and not has_loose_ways(library, tree):
        yield from _check_ways(library, tree)


def has_loose_ways(library: Library, tree: Tree) -> bool:
    """Whether an answer or an end of this tree leads to a place that does not exist."""
    targets = (way.next for node in tree.nodes for way in _ways_on(node))
    return not all(_leads_somewhere(library, tree, target) for target in targets)


def _ways_on(node: Node) -> tuple[Answer | FollowUp, ...]:
    return (*node.answers, *node.follow_up)


def _leads_somewhere(library: Library, tree: Tree, target: str) -> bool:
    """Whether a `next` is written in one of its three forms, and the place is there."""
    names = target.removeprefix("fase:").split("/") if target.startswith("fase:") else [target]
    return len(names) <= 2 and all(map(is_slug, names)) and find_place(library, tree.phase, target) is not None


def _check_spine(tree: Tree) -> Iterator[Problem]:
    """A tree has three central questions, 1 to 3, of which the first is the start; and one end."""
    file = tree_file(tree.phase)
    numbers = sorted(node.number or 0 for node in tree.central)
    if numbers != [1, 2, 3]:
        what = f"De nummers van de centrale vragen zijn: {join_values(number or 'geen' for number in numbers)}."
        yield Problem(file, "nodes", what, "Maak precies drie centrale vragen, met nummer 1, 2 en 3.")
    elif tree.start != (first := _find_spine(tree)[0].slug):
        what = f"De boom begint bij '{tree.start}', en dat is niet centrale vraag 1."
        yield Problem(file, "start", what, f"Zet er: start: {first}.")
    ends = sum(node.is_end for node in tree.nodes)
    if ends != 1:
        yield Problem(file, "nodes", f"Aantal keren 'einde' in deze boom: {ends}.", "Maak er precies één.")


def _find_spine(tree: Tree) -> tuple[Node, ...]:
    """What every way through a tree must pass, in order: the central questions, and the end."""
    central = sorted(tree.central, key=lambda node: node.number or 0)
    return (*central, *(node for node in tree.nodes if node.is_end))


# Questions and ends


def _check_end(library: Library, tree: Tree, node: Node, spot: Spot) -> Iterator[Problem]:
    file = tree_file(tree.phase)
    yield from check_texts(file, node, spot)
    yield from _check_keys(
        file, node, spot, wanted=("title", "text"), unwanted=("number", "question", "help", "facilitator", "answers")
    )
    for number, follow_up in enumerate(node.follow_up, start=1):
        yield from _check_next(library, tree, follow_up.next, spot.at("follow_up").item(number).at("next"))


def _check_question(library: Library, tree: Tree, node: Node, spot: Spot) -> Iterator[Problem]:
    file = tree_file(tree.phase)
    only_central = () if node.kind == "centraal" else ("number",)
    yield from _check_keys(
        file,
        node,
        spot,
        wanted=("question", "help", "facilitator"),
        unwanted=(*only_central, "title", "text", "follow_up"),
    )
    yield from check_sentences(file, node.help, range(1, 3), spot.at("help"))
    if len(node.answers) not in ANSWERS:
        what = f"Aantal antwoorden: {len(node.answers)}."
        yield Problem(file, str(spot), what, f"Maak er {ANSWERS[0]} tot en met {ANSWERS[-1]}.")
    yield from check_slugs(file, (answer.slug for answer in node.answers), spot)
    yield from _check_choice(library, file, node, spot)
    for answer in node.answers:
        yield from _check_answer(library, tree, answer, spot.into(answer.slug))


def _check_keys(
    file: str, node: Node, spot: Spot, *, wanted: tuple[str, ...], unwanted: tuple[str, ...]
) -> Iterator[Problem]:
    """A question has what belongs to a question, an end what belongs to an end, and nothing of the other."""
    for key in wanted:
        if not getattr(node, key).strip():
            yield report_empty(file, spot.at(key))
    for key in unwanted:
        if getattr(node, key) not in (None, "", ()):
            what = f"Dit hoort niet bij '{node.kind}'."
            yield Problem(file, str(spot.at(key)), what, "Haal het weg, of verander de 'kind'.")


def _check_choice(library: Library, file: str, node: Node, spot: Spot) -> Iterator[Problem]:
    """There is something to choose, for everyone; and at least one answer that not everyone may give."""
    if not node.answers:
        return
    if len(node.answers) > 1 and len({answer.next for answer in node.answers}) == 1:
        what = "Alle antwoorden leiden naar dezelfde plek."
        yield Problem(file, str(spot), what, "Laat er één ergens anders heen gaan.")
    everyone = {role.slug for role in library.roles}
    if everyone and all(everyone <= set(answer.roles) for answer in node.answers):
        yield Problem(file, str(spot), "Elk antwoord is voor iedereen.", "Maak één antwoord voor een of twee rollen.")
    for role in library.roles:
        if not node.open_to(role.slug):
            what = f"Wie {role.slug} is, kan hier niets kiezen."
            yield Problem(file, str(spot), what, f"Zet '{role.slug}' bij de rollen van een antwoord.")


# Answers


def _check_answer(library: Library, tree: Tree, answer: Answer, spot: Spot) -> Iterator[Problem]:
    file = tree_file(tree.phase)
    yield from check_texts(file, answer, spot)
    yield from check_length(file, answer.text, ANSWER_MAX, spot.at("text"))
    yield from check_length(file, answer.reflection, REFLECTION_MAX, spot.at("reflection"))
    yield from check_sentences(file, answer.reflection, range(2, 5), spot.at("reflection"))
    yield from _check_next(library, tree, answer.next, spot.at("next"))
    yield from _check_roles(library, file, answer, spot.at("roles"))
    yield from _check_elements(library, file, answer, spot.at("elements"))
    yield from _check_interventions(library, file, answer, spot.at("interventions"))
    yield from _check_harvest(tree.phase, answer, spot)
    yield from _check_prompts(file, answer, spot)


def _check_next(library: Library, tree: Tree, target: str, spot: Spot) -> Iterator[Problem]:
    if not _leads_somewhere(library, tree, target):
        mend = "Kies een vraag uit dit bestand, of schrijf fase:richtfase of fase:richtfase/een-vraag."
        yield Problem(tree_file(tree.phase), str(spot), f"'{target}' bestaat niet.", mend)


def _check_roles(library: Library, file: str, answer: Answer, spot: Spot) -> Iterator[Problem]:
    known = tuple(role.slug for role in library.roles)
    if not answer.roles:
        yield Problem(file, str(spot), "Niemand kan dit antwoord kiezen.", f"Kies rollen uit: {join_values(known)}.")
    for role in dict.fromkeys(answer.roles):
        if role not in known:
            yield Problem(file, str(spot), f"De rol '{role}' bestaat niet.", f"Kies uit: {join_values(known)}.")
    yield from check_doubles(file, answer.roles, spot)


def _check_elements(library: Library, file: str, answer: Answer, spot: Spot) -> Iterator[Problem]:
    """One or two working elements, each with a sentence that says when it works just here."""
    if len(answer.elements) not in range(1, 3):
        what = f"Aantal werkzame elementen: {len(answer.elements)}."
        yield Problem(file, str(spot), what, "Kies er een of twee.")
    known = {element.number for element in library.elements}
    for index, use in enumerate(answer.elements, start=1):
        if use.number not in known:
            what = f"Werkzaam element {use.number} bestaat niet."
            yield Problem(file, str(spot.item(index).at("number")), what, f"Kies een nummer uit {ELEMENTS_FILE}.")
        if use.when.strip() and not use.when.startswith("Dit werkt als "):
            what = "Deze zin begint anders dan de andere."
            yield Problem(file, str(spot.item(index).at("when")), what, "Begin met 'Dit werkt als'.")
    yield from check_doubles(file, (use.number for use in answer.elements), spot)


def _check_interventions(library: Library, file: str, answer: Answer, spot: Spot) -> Iterator[Problem]:
    known = tuple(intervention.slug for intervention in library.interventions)
    for index, use in enumerate(answer.interventions, start=1):
        if use.slug not in known:
            what = f"De interventie '{use.slug}' bestaat niet."
            yield Problem(file, str(spot.item(index).at("slug")), what, f"Kies uit: {join_values(known)}.")
    yield from check_doubles(file, (use.slug for use in answer.interventions), spot)


def _check_harvest(phase: str, answer: Answer, spot: Spot) -> Iterator[Problem]:
    """Each phase leaves its own thing behind: a picture, a plan, or what to count and tell."""
    for key, phases in (("picture", PICTURE_PHASES), ("plan", PLAN_PHASES), ("indicators", INDICATOR_PHASES)):
        is_must = key != "picture"
        if getattr(answer, key) and phase not in phases:
            what = f"Dit hoort niet in de {phase}."
            yield Problem(tree_file(phase), str(spot.at(key)), what, f"Haal '{key}' hier weg.")
        elif is_must and phase in phases and not getattr(answer, key):
            what = f"De sleutel '{key}' ontbreekt."
            yield Problem(tree_file(phase), str(spot), what, f"Zet '{key}' bij elk antwoord van de {phase}.")


# What asks for one thing, and fills it in somewhere else or in another way.
ALONE = {"moment": "Een moment is één dag.", "trekker": "Een trekker is één naam."}


def _check_prompts(file: str, answer: Answer, spot: Spot) -> Iterator[Problem]:
    """A line for the plan or the picture leaves a blank, and room to write."""
    for key in ("picture", "plan"):
        for index, line in enumerate(getattr(answer, key), start=1):
            here = spot.at(key).item(index).at("prompt")
            yield from check_length(file, line.prompt, PROMPT_MAX, here)
            if line.prompt.strip() and "…" not in line.prompt:
                yield Problem(file, str(here), "Hier kan de groep niets invullen.", "Zet … op de plek om te schrijven.")
            elif line.kind in ALONE and not (line.prompt.count("…") == 1 and line.prompt.endswith("…")):
                yield Problem(file, str(here), ALONE[line.kind], "Zet één … aan het eind.")


# Ways through the tree


class _Stretch(NamedTuple):
    """A part of the backbone: no way may come to `goal` without passing `passed`."""

    number: int
    passed: Node
    goal: Node


def _check_ways(library: Library, tree: Tree) -> Iterator[Problem]:
    """The backbone holds, and from every question the end can be reached: together, and in each role alone.

    Only ways within the phase count. A jump to another phase is a choice of the group: it may leave a question out,
    and it may never be the only way on.
    """
    file = tree_file(tree.phase)
    spine = _find_spine(tree)
    ways = ways_within(library, tree)
    for stretch in map(_Stretch, range(1, 4), spine, spine[1:]):
        if way := find_way(ways, tree.start, stretch.goal.slug, avoid=stretch.passed.slug):
            what = f"De groep kan centrale vraag {stretch.number} overslaan: {' → '.join(way)}."
            yield Problem(file, stretch.goal.slug, what, f"Laat deze weg eerst langs '{stretch.passed.slug}' gaan.")
    end = spine[-1].slug
    together = find_leading_to(ways, end)
    alone = {role.slug: find_leading_to(ways_within(library, tree, role.slug), end) for role in library.roles}
    for node in tree.nodes:
        if node.slug not in together:
            what = "Vanaf hier komt de groep nooit bij het einde."
            yield Problem(file, node.slug, what, "Laat een antwoord naar een vraag gaan die wel bij het einde komt.")
            continue
        for role, leading in alone.items():
            # Who can choose nothing here has been reported already.
            if node.slug not in leading and node.open_to(role):
                what = f"Wie {role} is, komt vanaf hier nooit bij het einde."
                mend = f"Laat een antwoord voor '{role}' naar een vraag gaan die wel bij het einde komt."
                yield Problem(file, node.slug, what, mend)
