"""The way to a plan as a paper shows it: a QR, its address, and how long both work."""

from datetime import date
from io import BytesIO
from typing import NamedTuple

import segno
from django.utils.translation import gettext as _

from sessions import words
from sessions.rules.state import Frozen


class WayToPlan(NamedTuple):
    """A link by which the plan can be read, and the day on which it stops working."""

    address: str
    until: date


class DrawnWay(Frozen, frozen=True):
    """The same in words, and drawn."""

    read: str
    link: str
    until: str
    code: str  # as SVG
    alt: str


def draw_way(way: WayToPlan | None) -> DrawnWay | None:
    """Nothing where there is no way: a paper without it is whole as well."""
    if way is None:
        return None
    drawn = BytesIO()
    segno.make(way.address, micro=False, error="m").save(drawn, kind="svg", border=0, xmldecl=False)
    return DrawnWay(
        read=_("Lees het hele plan"),
        link=way.address.partition("://")[2],
        until=_("Werkt tot %(day)s.") % {"day": words.say_full_day(way.until)},
        code=drawn.getvalue().decode(),
        alt=_("QR-code van het plan"),
    )
