"""Snapshot -> the frame of an audience. One render serves everybody in that audience."""

import re
import time
from collections.abc import Collection, Hashable, Mapping
from typing import NamedTuple

import msgspec
from django.template.loader import render_to_string
from django.utils.translation import override

from content.languages import BASE
from facilitation.access import join_url, share_url
from facilitation.live.protocol import Counts, Own, StateFrame, write_frame
from facilitation.server.addresses import can_choose, public_url, read_choice
from facilitation.server.network import look
from sessions.models import Participant
from sessions.reading import (
    BeamerView,
    ConsoleView,
    OwnLine,
    PhoneView,
    Reading,
    Stage,
    count_beamer,
    find_exposed_to,
    mark_beamer,
    mark_console,
    put_in_words,
    read_own_lines,
    read_own_vote,
    read_session,
    show_beamer,
    show_console,
    show_phone,
)
from sessions.rules.asking import is_waiting
from sessions.rules.state import Ticket
from sessions.shelf import Shelf

View = PhoneView | BeamerView | ConsoleView


class Audience(NamedTuple):
    """Everybody who sees the same: a view, a language and, for phones, a role and the ticket of who came late."""

    view: str  # phone, beamer or console
    language: str
    role: str = ""
    ticket: Ticket | None = None


class ReadyScreen(NamedTuple):
    """What all phones of a role see at one version of a session, and the frame as it travels."""

    view: PhoneView
    frame: StateFrame
    text: str
    looked_at: float  # on the steady clock: when it was last true

    @property
    def mark(self) -> str:
        """As that of a `Picture`."""
        return f"{self.frame.revision} {self.view.mark}"


class Picture(NamedTuple):
    """What an audience sees now. `mark` tells it from every other picture of that audience, but for its counts."""

    mark: str
    revision: int
    state: str | None = None  # the frame as it travels; None where every screen shows this picture already
    counts: str | None = None  # the frame for the screens that do


_ready: Shelf[Hashable, ReadyScreen] = Shelf(600)  # of a few KB each
LOOK_AGAIN_SECONDS = 1
_INDENT = re.compile(r"\n\s+")


def make_view(reading: Reading, audience: Audience) -> View:
    """The snapshot that this audience may see."""
    if audience.view == "phone":
        return show_phone(reading, audience.role, waits=is_waiting(reading.state.current, audience.ticket))
    return show_beamer(reading) if audience.view == "beamer" else show_console(reading)


def make_context(view: View, own: tuple[str, ...] = (), lines: tuple[OwnLine, ...] = ()) -> dict[str, object]:
    """What the templates of an audience get: the same on a first page load, in a poll and in a broadcast."""
    stage: Stage = view.stage
    context: dict[str, object] = {"view": view, "stage": stage, "revision": stage.revisions.sum_for(view.topics)}
    if isinstance(view, PhoneView):
        return {**context, "own": own, "own_lines": lines}  # a phone is there; what stands ready knows no address
    networks = look.list() if isinstance(view, ConsoleView) and can_choose() else None
    choice = read_choice() if networks is not None else ""
    context |= {"join_url": join_url(stage.code), "networks": networks, "network_choice": choice}
    if isinstance(view, BeamerView) and view.share:
        context |= {"share_url": share_url(view.share), "goes_home": can_choose()}
    return context


def render_state(audience: Audience, view: View, *, own: Own | None = None) -> StateFrame:
    """The whole state as a frame. `own` marks the vote of one phone and may only go to that phone."""
    stage: Stage = view.stage
    return StateFrame(
        version=stage.version,
        revision=stage.revisions.sum_for(view.topics),
        scene=stage.scene,
        status=stage.status,
        html=_render(f"{audience.view}/_state.html", view, audience.language),
        round=stage.round,
        choices=view.choices if isinstance(view, PhoneView) else (),
        own=own,
        role=audience.role if audience.view == "phone" else None,
    )


def find_phone_screen(person: Participant, language: str) -> ReadyScreen:
    """The screen of a participant as it stands ready, or drawn anew. Raises GroupSession.DoesNotExist."""
    session, audience = person.session, address_phone(person, language)
    ready = _ready.get(_key(session.pk, session.version, audience))
    # Where nobody is connected no room notices that somebody is now the only one who can choose an answer.
    if ready and (ready.frame.scene != "question" or time.monotonic() - ready.looked_at < LOOK_AGAIN_SECONDS):
        return ready
    return keep_phone_screen(read_session(session.code, language), audience)


def keep_phone_screen(reading: Reading, audience: Audience) -> ReadyScreen:
    """The screen of a role, kept ready: who joins, polls or comes back does not have it drawn again.

    Without a new version a phone shows one thing that changes: which answers tell who chose them, while people come and
    go. Votes it shows only once they are closed.
    """
    key = _key(reading.session.pk, reading.state.version, audience)
    screen = _ready.get(key)
    if screen is None or screen.view.exposed != find_exposed_to(reading, audience.role):
        view = make_view(reading, audience)
        assert isinstance(view, PhoneView)  # of a phone
        frame = render_state(audience, view)
        screen = ReadyScreen(view, frame, write_frame(frame), 0)
    return _ready.put(key, screen._replace(looked_at=time.monotonic()))


def address_phone(person: Participant, language: str) -> Audience:
    """The audience that a participant is of."""
    ticket = None if person.waits_round is None else Ticket(person.waits_round, person.waits_turn)
    return Audience("phone", language, person.role, ticket)


def compose_phone_state(person: Participant, language: str) -> StateFrame:
    """The state of one phone, with its own vote. Raises GroupSession.DoesNotExist."""
    return add_own_vote(find_phone_screen(person, language), person)


def add_own_vote(screen: ReadyScreen, person: Participant) -> StateFrame:
    """What all phones of a role see, with what this one chose. Some time after a meeting only the phone knows that."""
    frame, stage = screen.frame, screen.view.stage
    if not frame.round or stage.is_sealed:
        return frame
    answer, more = split_own(read_own_vote(person, frame.round))
    lines = read_own_lines(person, frame.round) if stage.ideas else ()
    return msgspec.structs.replace(frame, own=Own(frame.round, answer, more, lines))


def split_own(own: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """What a phone chose as it travels: the first, and what comes after it."""
    return (own[0], own[1:]) if own else (None, ())


def render_counts(audience: Audience, reading: Reading) -> Counts:
    """The small part of beamer or console that changes with every vote."""
    view = count_beamer(reading) if audience.view == "beamer" else show_console(reading)
    revision = view.stage.revisions.sum_for(view.topics)
    return Counts(revision=revision, html=_render(f"{audience.view}/_counts.html", view, audience.language))


def draw_all(code: str, shown: Mapping[Audience, Collection[str]]) -> dict[Audience, Picture]:
    """Read a session once, and draw it once per audience. `shown` are the marks of what the screens of each show.

    Raises GroupSession.DoesNotExist.
    """
    reading = read_session(code, BASE)
    return {
        audience: draw(put_in_words(reading, audience.language), audience, marks) for audience, marks in shown.items()
    }


def draw(reading: Reading, audience: Audience, shown: Collection[str]) -> Picture:
    """What this audience sees, drawn as far as its screens need it. `shown` are the marks of what they show."""
    if audience.view == "phone":
        screen = keep_phone_screen(reading, audience)
        return Picture(screen.mark, screen.frame.revision, screen.text)
    mark = mark_view(reading, audience)
    return Picture(
        mark,
        _revision(reading, audience),
        state=write_frame(render_state(audience, make_view(reading, audience))) if set(shown) - {mark} else None,
        counts=write_frame(render_counts(audience, reading)) if mark in shown else None,
    )


def mark_view(reading: Reading, audience: Audience) -> str:
    """What tells one picture of the team's screens from the next; counts do not."""
    mark = mark_console(reading) if audience.view == "console" else mark_beamer(reading)
    return f"{_revision(reading, audience)} {mark} {_describe_network(audience.view)}"


def _revision(reading: Reading, audience: Audience) -> int:
    view = BeamerView if audience.view == "beamer" else ConsoleView
    return reading.revisions.sum_for(view.topics)


def _describe_network(view: str) -> str:
    """What changes on a screen of the team as the network of this computer does."""
    return f"{public_url()} {look.list()} {read_choice()}" if view == "console" and can_choose() else public_url()


def _key(session: int, version: int, audience: Audience) -> Hashable:
    return session, version, audience


def _render(template: str, view: View, language: str) -> str:
    # Django's SafeString is not a plain str, and only a plain str travels.
    with override(language):
        html = "" + render_to_string(template, make_context(view))
    # Templates are indented for people; a thousand phones share one weak line. What was typed stays as it is.
    return html if "<textarea" in html else _INDENT.sub("\n", html)
