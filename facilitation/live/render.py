"""Snapshot -> the frame of an audience. One render serves everybody in that audience."""

from typing import NamedTuple

from django.template.loader import render_to_string

from facilitation.access import join_url
from facilitation.live.protocol import Counts, Own, Show
from sessions.queries import BeamerView, ConsoleView, PhoneView, Stage, Walk, show_beamer, show_console, show_phone

View = PhoneView | BeamerView | ConsoleView


class Audience(NamedTuple):
    """Everybody who sees the same: a view and, for phones, a role."""

    view: str  # phone, beamer or console
    role: str = ""


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
    )


def render_counts(audience: Audience, view: View) -> Counts:
    """The small part that changes with every vote."""
    return Counts(version=view.stage.version, html=_render(f"{audience.view}/_counts.html", view))


def _render(template: str, view: View) -> str:
    # Django's SafeString is not a plain str, and only a plain str travels.
    return "" + render_to_string(template, make_context(view))
