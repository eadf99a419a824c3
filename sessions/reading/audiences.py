"""One reading of a session, and from it the snapshot of each audience."""

import msgspec

from content.editions import load_library
from content.graph import Node
from sessions.models import GroupSession
from sessions.reading.answers import show_card, show_openings
from sessions.reading.counts import count_able, count_now, show_turnout, show_turnout_per_role
from sessions.reading.ideas import find_wanted, gather_ideas, show_ideas
from sessions.reading.leaves import turn_to_leaf
from sessions.reading.links import list_links
from sessions.reading.plan import find_hands, read_plan_page
from sessions.reading.rounds import show_decision, show_question, show_result
from sessions.reading.shapes import (
    BeamerView,
    CardView,
    ConsoleStep,
    ConsoleView,
    Exposed,
    PhoneView,
    Reading,
    Stage,
    Wifi,
)
from sessions.reading.stock import show_stock
from sessions.rows import read_state
from sessions.rules import machine
from sessions.rules.asking import UNSHOWN, find_bound, find_open_to, list_options
from sessions.rules.cards import read_card
from sessions.rules.plan import read_leaf
from sessions.rules.results import convert_result
from sessions.rules.state import Asking, Option, State, find_crossing, find_node
from sessions.rules.tally import Tally, find_exposed


def load_session(code: str, language: str) -> Reading:
    """Read a session with the votes of its current round, its texts in this language. Raises DoesNotExist."""
    session = GroupSession.objects.select_related("trajectory").get(code=code)
    state = read_state(session)
    current = state.current
    numbers, result = count_now(session.pk, current), _read_result(session, current)
    return Reading(session, language, load_library(session.edition_id, language), state, *numbers, result)


def _read_result(session: GroupSession, current: Asking | None) -> Tally | None:
    if current is None or not current.was_revealed:
        return None
    return convert_result(session.rounds.values_list("result", flat=True).get(number=current.number))


def show_phone(reading: Reading, role: str, *, waits: bool = False) -> PhoneView:
    stage = show_stage(reading)
    is_asked = bool(stage.question and not waits)
    return PhoneView(
        stage=stage,
        role=reading.library.role(role) if role else None,
        choices=find_open_to(_list_options(reading), role) if is_asked else (),
        waits=waits,
        exposed=find_exposed_to(reading, role),
    )


def find_exposed_to(reading: Reading, role: str) -> dict[str, int]:
    """The answers of this role that tell now who chose them, with the one or two phones that can."""
    exposed = _find_exposed(reading)
    return {answer: exposed[answer] for answer in find_open_to(_list_options(reading), role) if answer in exposed}


def _find_exposed(reading: Reading) -> dict[str, int]:
    current = reading.state.current
    if reading.session.is_practice or current is None or current.status not in UNSHOWN:
        return {}
    roles = [role.slug for role in reading.library.roles]
    return find_exposed(find_bound(_list_options(reading), roles), count_able(reading))


def _list_options(reading: Reading) -> tuple[Option, ...]:
    """What the room is asked now; nothing in the lobby."""
    current = reading.state.current
    return list_options(current, reading.library) if current else ()


def show_beamer(reading: Reading) -> BeamerView:
    view = count_beamer(reading)
    if view.stage.scene != "plan":
        return view
    page = read_plan_page(reading.session.trajectory)
    return msgspec.structs.replace(view, plan=turn_to_leaf(page, read_leaf(reading.state.screen) or 1))


def count_beamer(reading: Reading) -> BeamerView:
    """The beamer without the plan, in which no vote changes anything."""
    stage = show_stage(reading)
    return BeamerView(
        stage=stage,
        present=show_turnout_per_role(reading) if stage.scene == "lobby" else (),
        people=_count_people(reading),
        turnout=show_turnout(reading) if stage.question else None,
        card=_show_card(reading, stage),
        invites=_invites(reading, stage),
        wifi=_show_wifi(reading),
        stock=show_stock(reading) if stage.scene == "stock" else None,
        proposed=len(reading.state.ideas),
        share=_find_share(reading) if stage.scene == "ended" else "",
    )


def _find_share(reading: Reading) -> str:
    newest = list_links(reading.session.trajectory).first()
    return newest.token if newest else ""


def show_console(reading: Reading) -> ConsoleView:
    stage = show_stage(reading)
    crossing = find_crossing(reading.state, reading.library)
    allowed = machine.allowed(reading.state, reading.library)
    people, chairs = _count_people(reading), reading.state.chairs
    exposed = _find_exposed(reading)
    return ConsoleView(
        stage=stage,
        people=people,
        watching=reading.count_here(""),
        waiting=sum(row.here for row in reading.people if row.waits and row.role),
        surplus=max(0, people - chairs) if chairs is not None else 0,
        chairs=chairs,
        exposed=tuple(
            Exposed(answer, exposed[answer.slug])
            for answer in (stage.question.answers if stage.question else ())
            if answer.slug in exposed
        ),
        turnout=show_turnout(reading) if stage.question else None,
        roles=show_turnout_per_role(reading),
        allowed=allowed,
        next_step=machine.next_step(reading.state, reading.library),
        tip=stage.question.node.facilitator if stage.question else "",
        crossing=show_question(reading.library, reading.state, crossing) if crossing and "return" in allowed else None,
        steps=() if reading.state.is_brief else _show_steps(stage),
        hands={f"{answer}:{role}": count for role, answer, count in reading.hands},
        screen=reading.state.screen,
        card=_show_card(reading, stage),
        invites=_invites(reading, stage),
        draft=reading.state.draft,
        undo=reading.state.previous.step if reading.state.previous else "",
        undo_by=reading.state.previous.by if reading.state.previous else "",
        wifi=_show_wifi(reading),
        open_steps=len(reading.state.open_steps),
        stock=show_stock(reading) if stage.scene == "stock" else None,
        wanted=find_wanted(reading.session.pk, stage.round) if stage.round and stage.scene == "decided" else (),
        waiting_ideas=gather_ideas(reading.state.ideas, "waiting"),
        shown_ideas=gather_ideas(reading.state.ideas, "shown"),
        parked_ideas=gather_ideas(reading.state.ideas, "parked"),
    )


def _count_people(reading: Reading) -> int:
    """The phones that are here with a role, also those who wait."""
    return sum(row.here for row in reading.people if row.role)


def _show_wifi(reading: Reading) -> Wifi | None:
    session = reading.session
    return Wifi(session.wifi_name, session.wifi_password) if session.wifi_name else None


def mark_beamer(reading: Reading) -> str:
    """What of a wall changes beside its revision: a hand that writes in the plan rests without a word."""
    hands = find_hands(reading.session.trajectory) if read_leaf(reading.state.screen) else {}
    return f"{reading.session.is_door_shut} {sorted(hands.items())}"


def mark_console(reading: Reading) -> str:
    """What of a console changes as people come and go, and is more than counts."""
    view = show_console(reading)
    steps = [step.text for step in reading.state.open_steps]  # the plan changes without a word to the desk
    return f"{view.stage.door_shut} {view.waiting} {view.surplus} {_find_exposed(reading)} {steps}"


def _show_card(reading: Reading, stage: Stage) -> CardView | None:
    """What stands on the beamer in front of the walk. A break and an end take it away."""
    current = reading.state.current
    if current is None or stage.scene in ("paused", "ended"):
        return None
    node = find_node(current, reading.library)
    card = read_card(reading.state.screen, reading.library, node)
    return show_card(reading.library, node, card) if card else None


def _invites(reading: Reading, stage: Stage) -> bool:
    return reading.state.screen == "invite" and stage.scene not in ("lobby", "paused", "ended")


def _show_steps(stage: Stage) -> tuple[ConsoleStep, ...]:
    now = {"reading": 0, "open": 1, "closed": 2, "revealed": 2, "decided": 4}.get(stage.status, 0)
    if stage.result and stage.result.split and stage.status == "revealed":
        now = 3
    names = ("read", "vote", "result", "decide", "on")
    return tuple(
        ConsoleStep(name, "done" if place < now else "now" if place == now else "to-come")
        for place, name in enumerate(names)
    )


def show_stage(reading: Reading) -> Stage:
    state, library, session = reading.state, reading.library, reading.session
    current = state.current
    node = find_node(current, library) if current else None
    is_question = current is not None and node is not None and not node.is_end
    return Stage(
        code=session.code,
        title=session.title,
        buurt=session.trajectory.buurt,
        is_practice=session.is_practice,
        door_shut=session.is_door_shut,
        revisions=reading.revisions,
        scene=pick_scene(state, node),
        tree=library.tree(current.place.phase if current else state.phase),
        round=current.number if current and is_question else None,
        is_sealed=bool(current and current.sealed),
        status=current.status if current else "lobby",
        question=show_question(library, state, current) if current and is_question else None,
        result=(
            show_result(library, current, reading.result)
            if current and reading.result and is_question and current.was_revealed
            else None
        ),
        openings=(
            show_openings(library, node) if node and current and current.is_of_tree and current.was_revealed else ()
        ),
        decided=show_decision(library, current) if current and current.decision else None,
        end=node if node and node.is_end else None,
        ideas=show_ideas(state),
    )


def pick_scene(state: State, node: Node | None) -> str:
    if state.ended:
        return "ended"
    if state.paused:
        return "paused"
    if read_leaf(state.screen):
        return "plan"
    if state.current is None or node is None:
        return "lobby"
    if node.is_end:
        return "end"
    if state.looks_back and state.current.decision:
        return "stock"
    if state.current.gathers:
        return "propose"
    return {"revealed": "result", "decided": "decided"}.get(state.current.status, "question")
