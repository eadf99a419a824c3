"""Snapshot -> the frame of an audience. One render serves everybody in that audience."""

from typing import NamedTuple

import msgspec
from django.template.loader import render_to_string
from django.utils.translation import get_language

from facilitation.access import join_url
from facilitation.live.protocol import Counts, Own, Show
from sessions.models import GroupSession, Participant
from sessions.queries import (
    BeamerView,
    ConsoleView,
    PhoneView,
    Stage,
    Walk,
    count_beamer,
    read_own_vote,
    read_walk,
    show_beamer,
    show_console,
    show_phone,
)
from sessions.shelf import Shelf

View = PhoneView | BeamerView | ConsoleView


class Audience(NamedTuple):
    """Everybody who sees the same: a view and, for phones, a role."""

    view: str  # phone, beamer or console
    role: str = ""


class PhoneScreen(NamedTuple):
    """What all phones of a role see at one version of a session."""

    view: PhoneView
    frame: Show


_ready: Shelf[tuple[int, int, str, str | None], PhoneScreen] = Shelf(600)  # of a few KB each


def make_view(walk: Walk, audience: Audience) -> View:
    """The snapshot that this audience may see."""
    if audience.view == "phone":
        return show_phone(walk, audience.role)
    return show_beamer(walk) if audience.view == "beamer" else show_console(walk)


def make_context(view: View, own: str | None = None) -> dict[str, object]:
    """What the templates of an audience get: the same on a first page load, in a poll and in a broadcast."""
    stage: Stage = view.stage
    return {"view": view, "stage": stage, "own": own, "join_url": join_url(stage.code)}


def render_state(audience: Audience, view: View, *, own: Own | None = None) -> Show:
    """The whole state as a frame. `own` marks the vote of one phone and may only go to that phone."""
    stage: Stage = view.stage
    return Show(
        version=stage.version,
        scene=stage.scene,
        status=stage.status,
        html=_render(f"{audience.view}/_state.html", view),
        round=stage.round,
        choices=view.choices if isinstance(view, PhoneView) else (),
        own=own,
        role=audience.role if audience.view == "phone" else None,
    )


def find_phone_screen(session: GroupSession, role: str) -> PhoneScreen:
    """The screen of a role as it stands ready, or drawn anew. Raises GroupSession.DoesNotExist."""
    return _ready.get(_key(session.pk, session.version, role)) or keep_phone_screen(read_walk(session.code), role)


def keep_phone_screen(walk: Walk, role: str) -> PhoneScreen:
    """The screen of a role, kept ready: who joins, polls or comes back does not have it drawn again.

    A phone shows nothing that changes without a new version: no counts of people, and votes only once they are closed.
    """
    key = _key(walk.session.pk, walk.state.version, role)
    screen = _ready.get(key)
    if screen is None:
        view = show_phone(walk, role)
        screen = _ready.put(key, PhoneScreen(view, render_state(Audience("phone", role), view)))
    return screen


def compose_phone_state(person: Participant) -> Show:
    """The state of one phone, with its own vote. Raises GroupSession.DoesNotExist."""
    frame = find_phone_screen(person.session, person.role).frame
    own = Own(frame.round, read_own_vote(person, frame.round)) if frame.round else None
    return msgspec.structs.replace(frame, own=own)


def render_counts(audience: Audience, walk: Walk) -> Counts:
    """The small part of beamer or console that changes with every vote."""
    view = count_beamer(walk) if audience.view == "beamer" else show_console(walk)
    return Counts(version=view.stage.version, html=_render(f"{audience.view}/_counts.html", view))


def _key(session: int, version: int, role: str) -> tuple[int, int, str, str | None]:
    return session, version, role, get_language()


def _render(template: str, view: View) -> str:
    # Django's SafeString is not a plain str, and only a plain str travels.
    return "" + render_to_string(template, make_context(view))
