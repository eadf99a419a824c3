"""Every state of the whole library as the beamer and the phones show it, as JSON on standard output.

Run as `python -m tests.e2e.states CODE EVERY`, for one of so many states of the questions. It takes the settings of a
served app: then the marks come from its static files. The snapshots are made by the real queries from walks that nobody
walked, so no state needs a row in a database.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from decimal import Decimal
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facilitation.settings")
django.setup()

import msgspec  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402

from content.files import LIBRARY_FOLDER, read_library  # noqa: E402
from content.graph import Node, Place, Tree  # noqa: E402
from content.languages import BASE  # noqa: E402
from facilitation.live.render import make_context  # noqa: E402
from sessions.models import GroupSession, Trajectory  # noqa: E402
from sessions.reading import LineView, Plan, PlanPage, PlanSection, Reading, Wifi, show_beamer, show_phone  # noqa: E402
from sessions.reading.leaves import turn_to_leaf  # noqa: E402
from sessions.reading.shapes import Goal, Helpers, LookedBack, People, Stock, Wait  # noqa: E402
from sessions.rules.asking import find_bound, list_answers  # noqa: E402
from sessions.rules.cards import PARTS, Card  # noqa: E402
from sessions.rules.commands.check import VERDICTS  # noqa: E402
from sessions.rules.commands.stock import OUTCOMES  # noqa: E402
from sessions.rules.evaluation import Findings, Measured, Telling  # noqa: E402
from sessions.rules.plan import NextTime, Words, Written, fill_prompt  # noqa: E402
from sessions.rules.state import Asking, Choice, Idea, OpenStep, Option, PageLine, State, Status, find_node  # noqa: E402
from sessions.rules.tally import FLOOR, NO_FLOOR, Tally, Votes, count_votes  # noqa: E402

Draw = Callable[[], str]

library = read_library(LIBRARY_FOLDER)
ROLES = [role.slug for role in library.roles]

WHY = "Veel mensen noemen het hard rijden. De buren die al begonnen zijn, doen mee."
OTHER = "De ondernemers aan het plein zijn bang dat er minder klanten komen."
LONG = (  # as long as a waarom may be: 300 characters
    "We hebben er lang over gepraat en we willen klein beginnen, met de mensen die er nu zijn. De school en de "
    "wijkagent doen mee zodra zij dat kunnen, en de gemeente denkt mee over de verkeersborden en de drempels. De "
    "verantwoordelijkheidsverdeling spreken we pas af als iedereen er is. Tot dan de pauze."
)
WIDE = "W" * 300  # nobody means this, but a key can stick
LONG_TITLE = (
    "Samen met bewoners, ondernemers en de gemeente kijken naar de verkeersveiligheid rond de Merelschool en de pleinen"
)
WIFIS = {
    "wifi without a password": Wifi("Buurthuis", ""),
    "wifi": Wifi("Buurthuis De Linde", "gezellig-samen-2026"),
    "wifi, as long as can be": Wifi("Buurthuis De Linde Gasten Zaal 2", "W" * 63),
}
LONG_ADDRESS = "https://buurtboom.gemeente-vogelstad.nl/m/KR74WN"

# How many of each role came to vote.
HALLS = {
    "three groups": (12, 5, 4),
    "pooled groups": (16, 4, 2),
    "only a total": (2, 1, 0),
    "forty voters": (24, 9, 7),
    "two hundred voters": (140, 38, 24),
}
EARLIER = {"once before": (False,), "three times before": (True, False, True)}


def make_walk(code: str, place: Place | None, *, practice: bool = False, **more: Any) -> Reading:
    """A walk that stands at this place, in the given status."""
    votes, earlier, paused = more.pop("votes", ()), more.pop("earlier", ()), more.pop("paused", False)
    ended, screen = more.pop("ended", False), more.pop("screen", "walk")
    present = more.pop("present", (128, 24, 17))
    hands = (Votes(*votes[0][:2], 4),) if votes and more.pop("hands", True) else ()
    trajectory = Trajectory(pk=0, buurt="Vogelbuurt-Noord en de Dichterswijk")
    session = GroupSession(code=code, title=LONG_TITLE, trajectory=trajectory, is_practice=practice)
    rounds = []
    if place:
        answers = library.node(place).answers
        for visit, withdrawn in enumerate(earlier, 1):
            taken = Choice(answers[visit % len(answers)].slug, "talk", WHY)
            rounds.append(Asking(visit, place, visit=visit, status="decided", withdrawn=withdrawn, decision=taken))
        rounds.append(Asking(len(rounds) + 1, place, visit=len(rounds) + 1, **more))
    phase = place.phase if place else "startfase"
    state = State(phase=phase, rounds=tuple(rounds), paused=paused, ended=ended, screen=screen)
    people = make_people(present, votes)
    current = state.current
    result = count(library.node(current.place), votes, hands, practice) if current and current.was_revealed else None
    return Reading(session, BASE, library, state, tuple(votes), hands, people, result)


def make_people(present: Iterable[int], votes: Iterable[Votes]) -> tuple[People, ...]:
    """The phones of each role, of which some voted."""
    voted = Counter[str]()
    for vote in votes:
        voted[vote.role] += vote.number
    return tuple(
        People(role, waits=False, here=here, silent=max(0, here - voted[role]))
        for role, here in zip(ROLES, present, strict=True)
    )


def count(node: Node, votes: Iterable[Votes], hands: Iterable[Votes], practice: bool) -> Tally:
    """The result as it is kept at its reveal."""
    return count_votes(
        votes, hands,
        answers=[answer.slug for answer in node.answers],
        roles=ROLES,
        bound=find_bound(list_answers(node), ROLES),
        floor=NO_FLOOR if practice else FLOOR,
    )  # fmt: skip


def vote(node: Node, hall: tuple[int, ...]) -> list[Votes]:
    """Everybody votes, each role most for its own first answers."""
    votes = []
    for role, size in zip(ROLES, hall, strict=True):
        answers = node.open_to(role)
        shares = [size // 2, size // 4] + [0] * len(answers)
        shares[2] = size - sum(shares)
        votes += [Votes(role, answer, share) for answer, share in zip(answers, shares, strict=False) if share]
    return votes


def tie(node: Node, first: int) -> list[Votes]:
    """The first answers get six votes each, the others three, shared by the roles that may give them."""
    return [
        Votes(role, answer.slug, (6 if place < first else 3) // len(answer.roles))
        for place, answer in enumerate(node.answers)
        for role in answer.roles
    ]


def nodes(*, ends: bool) -> Iterator[tuple[Tree, Node]]:
    for tree in library.trees:
        for node in tree.nodes:
            if node.is_end == ends:
                yield tree, node


def show_on_wall(walk: Reading, address: str = "", **replaced: Any) -> Draw:
    context = make_context(msgspec.structs.replace(show_beamer(walk), **replaced))
    if address:
        context["join_url"] = address
    return partial(render_to_string, "beamer/_state.html", context)


def show_walk(code: str, place: Place | None, **more: Any) -> Draw:
    return show_on_wall(make_walk(code, place, **more))


def walls(code: str) -> Iterator[tuple[str, Draw]]:
    """What the beamer can show."""
    for tree, node in nodes(ends=False):
        name, show = f"{tree.phase}/{node.slug}", partial(show_walk, code, Place(tree.phase, node.slug))
        yield from show_votes(name, node, show)
        yield from show_results(name, node, show)
        for number in range(len(node.answers)):
            yield from show_decision(name, node, show, number)
    yield from show_ends(code)
    yield from show_cards(code)
    yield from show_lobby(code)
    yield from show_long_address(code)
    yield from show_breaks(code)
    yield from show_wide_words(code)
    yield from show_plans(code)
    yield from show_looking_back(code)
    yield from show_checks(code)
    yield from show_proposals(code)


def show_votes(name: str, node: Node, show: Callable[..., Draw]) -> Iterator[tuple[str, Draw]]:
    """A question until its vote is closed."""
    yield f"{name}, reading", show(practice=True)
    yield f"{name}, open", show(status="open", votes=vote(node, (9, 3, 2)))
    yield f"{name}, open, QR large", show(status="open", screen="invite", practice=True)
    yield f"{name}, closed, voting again", show(status="closed", attempt=2, votes=vote(node, (80, 40, 9)))
    for times, withdrawn in EARLIER.items():
        yield f"{name}, open, {times}", show(status="open", earlier=withdrawn, practice=True)


def show_results(name: str, node: Node, show: Callable[..., Draw]) -> Iterator[tuple[str, Draw]]:
    yield f"{name}, tie, total", show(status="revealed", votes=tie(node, 2), hands=False)
    even = tie(node, len(node.answers))
    yield f"{name}, tie of all, per role", show(status="revealed", split=True, votes=even, hands=False, practice=True)
    for hall, sizes in HALLS.items():
        votes = vote(node, sizes)
        if hall in ("three groups", "two hundred voters"):
            yield f"{name}, {hall}, total", show(status="revealed", votes=votes)
        yield f"{name}, {hall}, per role", show(status="revealed", split=True, votes=votes)


def show_decision(name: str, node: Node, show: Callable[..., Draw], number: int) -> Iterator[tuple[str, Draw]]:
    """The answer of this number, as it was decided and as a card."""
    answer = node.answers[number]
    decided = {"status": "decided", "split": True, "votes": vote(node, (12, 5, 4))}
    here = f"{name}, decided {node.letter(answer.slug)}"
    yield here, show(**decided, decision=Choice(answer.slug, "talk", WHY))
    long = Choice(answer.slug, "facilitator", LONG)
    other = Choice(answer.slug, "vote", WHY, OTHER)
    both = Choice(answer.slug, "talk", LONG, OTHER)
    kinds = [("long why", long), ("another voice", other), ("long why, another voice", both)]
    words, decision = kinds[number % 3]
    yield f"{here}, {words}", show(**decided, decision=decision, practice=True)
    card = str(Card("answer", answer.slug))
    yield f"{name}, card {node.letter(answer.slug)}", show(status="revealed", screen=card, practice=True)


def show_ends(code: str) -> Iterator[tuple[str, Draw]]:
    for tree, node in nodes(ends=True):
        place = Place(tree.phase, node.slug)
        yield f"{place}, end", show_on_wall(make_walk(code, place, practice=True))


def show_cards(code: str) -> Iterator[tuple[str, Draw]]:
    """Every part of every diamond and shovel."""
    start = library.start("startfase")
    known = {"element": library.elements, "intervention": library.interventions}
    for card in (
        Card(kind, one.slug, part) for kind in known for one in known[kind] for part in range(1, PARTS[kind] + 1)
    ):
        yield f"card {card}", show_on_wall(make_walk(code, start, screen=str(card), practice=True))


def show_lobby(code: str) -> Iterator[tuple[str, Draw]]:
    yield "lobby", show_on_wall(make_walk(code, None, practice=True))
    for name, wifi in WIFIS.items():
        yield f"lobby, {name}", show_on_wall(make_walk(code, None), LONG_ADDRESS, wifi=wifi)


def show_long_address(code: str) -> Iterator[tuple[str, Draw]]:
    """Wherever the address stands."""
    start = library.start("startfase")
    yield "lobby, long address", show_on_wall(make_walk(code, None), LONG_ADDRESS)
    votes = vote(library.node(start), (80, 40, 9))
    yield "open, long address", show_on_wall(make_walk(code, start, status="open", votes=votes), LONG_ADDRESS)
    invites = make_walk(code, start, status="open", votes=votes, screen="invite")
    yield "QR large, long address", show_on_wall(invites, LONG_ADDRESS)
    yield "result, long address", show_on_wall(make_walk(code, start, status="revealed", votes=votes), LONG_ADDRESS)


def show_breaks(code: str) -> Iterator[tuple[str, Draw]]:
    start = library.start("startfase")
    yield "paused", show_on_wall(make_walk(code, start, paused=True))
    yield "ended", show_on_wall(make_walk(code, start, ended=True, practice=True))
    yield "ended, with the plan to take home", show_on_wall(make_walk(code, start, ended=True), share="a" * 22)


def show_wide_words(code: str) -> Iterator[tuple[str, Draw]]:
    for tree, node in nodes(ends=False):
        for words, why, other in (("a wide voice", WHY, WIDE), ("only wide words", WIDE, WIDE)):
            if node.number:
                decision = Choice(node.answers[0].slug, "talk", why, other)
                walk = make_walk(code, Place(tree.phase, node.slug), status="decided", split=True, decision=decision)
                yield f"{tree.phase}/{node.slug}, decided, {words}", show_on_wall(walk)


def show_plans(code: str) -> Iterator[tuple[str, Draw]]:
    walk = make_walk(code, library.start("startfase"))
    stage = msgspec.structs.replace(show_beamer(walk).stage, scene="plan", is_practice=True)
    for name, page in make_plans().items():
        for number in range(1, turn_to_leaf(page, 1).of + 1):
            yield f"plan, {name}, {number}", show_on_wall(walk, stage=stage, plan=turn_to_leaf(page, number))


def show_looking_back(code: str) -> Iterator[tuple[str, Draw]]:
    """A step of the plan that the group is asked about, and what came of all of them."""
    for name, text in {"a step": SHORT, "a step of two lines": TWO_LINES, "a long step": LONG}.items():
        for status in ("open", "revealed"):
            yield f"looking back, {name}, {status}", show_on_wall(make_look_back(code, text, status))
    stage = msgspec.structs.replace(
        show_beamer(make_look_back(code, SHORT, "open")).stage, scene="stock", question=None
    )
    for name, stock in {
        "one step": make_stock([SHORT], []),
        "six steps": make_stock([SHORT] * 6, []),
        "three steps and news": make_stock([SHORT] * 3, [SHORT] * 3),
        "two of two lines and news": make_stock([TWO_LINES] * 2, [TWO_LINES] * 2),
        "six of two lines and news": make_stock([TWO_LINES] * 6, [TWO_LINES] * 3),
        "six wide words": make_stock([WIDE] * 6, [WIDE]),
    }.items():
        yield f"stock, {name}", show_on_wall(make_look_back(code, SHORT, "open"), stage=stage, stock=stock)


def show_checks(code: str) -> Iterator[tuple[str, Draw]]:
    """The plan that a room reads."""
    pages = {
        "a goal and two steps": [("doel", SHORT), ("actie", SHORT), ("actie", TWO_LINES)],
        "as long as can be": [("doel", TWO_LINES), *[("actie", TWO_LINES)] * 25, *[("nodig", SHORT)] * 14],
        "six wide words": [("doel", WIDE), *[("actie", WIDE)] * 5],
    }
    for name, lines in pages.items():
        page = tuple(PageLine(kind, text, "de buurtvereniging", date(2031, 3, 1)) for kind, text in lines)
        for status in ("open", "revealed"):
            asked = {"kind": "check", "asked": "Klopt dit?", "page": page}
            yield f"klopt dit, {name}, {status}", show_on_wall(make_asked(code, status, VERDICTS, **asked))


def show_proposals(code: str) -> Iterator[tuple[str, Draw]]:
    """What a room proposes, and what it chooses among."""
    line = "Een veilige oversteek bij de school, met drempels, borden en buurtouders die iedere ochtend helpen"
    walls = {
        "none yet": [],
        "two": ["een zebrapad", "meer licht op het plein"],
        "five long": [line] * 5,
        "five as long as can be": [f"{line}, en in de winter."[:120]] * 5,
        "a wide word": ["W" * 120, "een zebrapad", "meer licht op het plein"],  # a key can stick; five would be parked
    }
    for name, texts in walls.items():
        asked = {"kind": "support", "subject": "2", "asked": "Wat moet er straks anders in onze buurt?"}
        ideas = tuple(Idea(key, "", text, text, "shown") for key, text in enumerate(texts))
        reading = make_asked(code, "reading", (), **asked)
        gathered = msgspec.structs.replace(reading, state=msgspec.structs.replace(reading.state, ideas=ideas))
        yield f"proposals, {name}", show_on_wall(gathered)
        for status in ("open", "revealed") if len(texts) > 2 else ():
            options = [(f"p{key}", text) for key, text in enumerate(texts)]
            yield f"proposals, {name}, {status}", show_on_wall(make_asked(code, status, options, **asked))


def make_look_back(code: str, text: str, status: Status) -> Reading:
    return make_asked(code, status, OUTCOMES, kind="progress", subject="2", asked=text)


def make_asked(code: str, status: Status, options: Iterable[tuple[str, str]], **more: Any) -> Reading:
    """What is no question of a tree, in the given status."""
    options = tuple(Option(slug, words, tuple(ROLES)) for slug, words in options)
    place = Place("actiefase", "")
    asked = Asking(2, place, visit=2, status=status, split=status == "revealed", options=options, **more)
    steps = tuple(OpenStep(line, SHORT) for line in range(2, 6))
    node = find_node(asked, library)
    votes = vote(node, HALLS["three groups"]) if asked.options else []
    result = count(node, votes, (), practice=False) if asked.was_revealed else None
    state = State(phase="actiefase", rounds=(asked,), open_steps=steps)
    return msgspec.structs.replace(make_walk(code, None), state=state, votes=tuple(votes), result=result)


def make_stock(steps: Iterable[str], news: Iterable[str]) -> Stock:
    outcomes = [slug for slug, _ in OUTCOMES]
    looked_back = tuple(
        LookedBack(text, outcomes[place % 4], text if outcomes[place % 4] == "failed" else "", None)
        for place, text in enumerate(steps)
    )
    waits = (Wait("reply", make_line(("actie", "Stap 1: …"), text), date(2031, 3, 1)) for text in news)
    return Stock(looked_back, tuple(waits), ())


TWO_LINES = "elke dinsdagochtend om acht uur met twee ouders bij het zebrapad voor de Merelschool staan, ook bij regen"
SHORT = "elke dinsdagochtend bij het zebrapad staan"

DAY, LONG = date(2031, 3, 1), f"{TWO_LINES}. " * 2
COUNTED = Findings(
    tuple(Measured(key, DAY.replace(month=key), Decimal(41 * key), "auto's") for key in (1, 2, 11)),
)


def make_plans() -> dict[str, PlanPage]:
    """Plans as they fill up, from prompts of the library, and what no plan should be."""
    asked = [make_line(prompt, "") for prompt in PROMPTS[:20]]
    return {
        "empty": make_page(),
        "nothing filled in": make_page(asked=asked[:9]),
        "usual": make_page("kinderen lopen veilig naar school", [SHORT] * 5, lists=[SHORT] * 3, asked=asked[:3]),
        "six of two lines": make_page(TWO_LINES, [TWO_LINES] * 6),
        "with who helps": make_page("kinderen lopen veilig naar school", [TWO_LINES] * 6, are_helped=True),
        "what was counted": make_page("veilig", [SHORT], lists=[SHORT] * 7, known=COUNTED),
        "long stories": make_page(
            "veilig", [SHORT], lists=[TWO_LINES] * 5, known=Findings((), (Telling(1, DAY, LONG),))
        ),
        "twenty steps": make_page("veilig", [SHORT] * 20, lists=[TWO_LINES] * 12, asked=asked),
        "no goal": make_page(steps=[SHORT] * 7),
        "somebody writes": make_page("veilig", [TWO_LINES] * 3, writes=True),
        "one wide word": make_page(WIDE, [WIDE]),
        "six wide words": make_page(WIDE, [WIDE] * 6, lists=[WIDE] * 7),
        "somebody writes a wide word": make_page("veilig", [WIDE], writes=True),
    }


PROMPTS = [(prompt.kind, prompt.prompt) for found in library.occurrences() for prompt in found.answer.plan]


def make_line(prompt: tuple[str, str], text: str, number: int = 0) -> LineView:
    kind, words = prompt
    who = ("", "Fatma", "W" * 80 if text == WIDE else "Joris en Mirjam")[number % 3] if text else ""
    held = Words((text,), who, date(2031, 9, 12) if who else None)
    return LineView(Written(number, kind, words, held, round=number + 1), fill_prompt(words, [text]))


def make_page(
    goal: str = "",
    steps: Iterable[str] = (),
    lists: Iterable[str] = (),
    asked: Iterable[LineView] = (),
    *,
    writes: bool = False,
    are_helped: bool = False,
    known: Findings | None = None,
) -> PlanPage:
    """A plan with one goal, or none, and all its steps."""
    views = tuple(make_line(("actie", "Stap 1: …"), text, number) for number, text in enumerate(steps, 100))
    others = tuple(
        make_line(("voorwaarde", "Dit moet kloppen: …"), text, number) for number, text in enumerate(lists, 200)
    )
    return PlanPage(
        trajectory=1,
        buurt="Vogelbuurt",
        is_practice=False,
        revision=1,
        next_time=NextTime(date(2031, 6, 2), time(19, 30), WIDE if goal == WIDE else "Buurthuis De Merel"),
        goals=(Goal(make_line(("doel", "Ons doel is: …"), goal, 1), views),) if goal else (),
        more_goals=(),
        steps=() if goal else views,
        lists=Plan([PlanSection("voorwaarde", others)] if others else []),
        asked=tuple(asked),
        turned_back=(),
        struck=(),
        earlier=(),
        phase="richtfase",
        clashes={},
        hands={100: ("a",)} if writes else {},
        helpers={view.line.key: Helpers(12) for view in views} if are_helped else {},
        evidence={view.line.key: known for view in others} if known else {},
    )


def phones(code: str, role: str) -> Iterator[tuple[str, Draw]]:
    """What the phone of this role can show."""
    for tree, node in nodes(ends=False):
        name, place = f"{tree.phase}/{node.slug}", Place(tree.phase, node.slug)
        mine = node.open_to(role)[-1]

        def show(own: str | None = None, place: Place = place, **more: Any) -> Draw:
            context = make_context(show_phone(make_walk(code, place, **more), role), own)
            return partial(render_to_string, "phone/_state.html", context)

        yield f"{name}, reading", show(earlier=EARLIER["once before"])
        yield f"{name}, open", show(status="open", attempt=2, earlier=EARLIER["three times before"])
        yield f"{name}, voted", show(mine, status="open")
        yield f"{name}, closed", show(mine, status="closed")
        votes = vote(node, HALLS["two hundred voters" if node.number else "pooled groups"])
        yield f"{name}, result", show(mine, status="revealed", split=True, votes=votes)
        decision = Choice(mine, "talk", LONG, OTHER)
        yield f"{name}, decided", show(mine, status="decided", decision=decision, votes=tie(node, 2))
    start = library.start("startfase")
    for words, walk in {"lobby": make_walk(code, None), "ended": make_walk(code, start, ended=True)}.items():
        yield words, partial(render_to_string, "phone/_state.html", make_context(show_phone(walk, role)))


def draw_some(states: Iterator[tuple[str, Draw]], every: int) -> dict[str, str]:
    """One of so many states of the questions, and all others."""
    return {name: draw() for number, (name, draw) in enumerate(states) if "/" not in name or number % every == 0}


if __name__ == "__main__":
    code, every = sys.argv[1], int(sys.argv[2])
    screens = {"beamer": walls(code), **{role: phones(code, role) for role in ROLES}}
    json.dump({name: draw_some(states, every) for name, states in screens.items()}, sys.stdout)
