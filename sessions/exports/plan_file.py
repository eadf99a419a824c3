"""Plan <-> JSON, documented and versioned: to keep, and to load into another installation.

`docs/plan.schema.json` is made from the classes here; a test keeps it in step.
"""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from sessions.reading import LineView, PlanPage
from sessions.rules.evaluation import (
    COUNTED,
    MOST_AT_A_LINE,
    TALE_LENGTH,
    TOLD,
    UNIT_LENGTH,
    Findings,
    Measured,
    Telling,
)
from sessions.rules.plan import DOERS, KINDS, REPLIES, SIZES, STATES, TERMS, NextTime, Words

KEEPABLE = r"^[^\x00]*$"  # PostgreSQL keeps no NUL in a text
Text = Annotated[str, msgspec.Meta(max_length=300, pattern=KEEPABLE)]
Name = Annotated[str, msgspec.Meta(max_length=80, pattern=KEEPABLE)]
MOST_NUMBER = 10_000_000
Money = Annotated[Decimal, msgspec.Meta(description="In euros.")]


class CountedEntry(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A number that was counted on a day; one for each day of a line."""

    day: date
    value: Decimal
    unit: Annotated[str, msgspec.Meta(max_length=UNIT_LENGTH, pattern=KEEPABLE)] = ""


class ToldEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A short story, and the day on which who told it agreed that everybody reads it."""

    day: date
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TALE_LENGTH, pattern=KEEPABLE)]


class PlanEntry(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A line of the plan. `key` is its own within this file, and what `goal` of another line points at."""

    key: int
    kind: Literal[KINDS]  # type: ignore[valid-type]
    prompt: Text = ""
    texts: tuple[Text, ...] = ()
    who: Name = ""
    may_name: bool = False
    role: Name = ""
    partners: Text = ""
    due: date | None = None
    look_back: date | None = None
    goal: int | None = None
    size: Literal["", *SIZES] = ""  # type: ignore[valid-type]
    term: Literal["", *TERMS] = ""  # type: ignore[valid-type]
    doer: Literal["", *DOERS] = ""  # type: ignore[valid-type]
    needs: Text = ""
    money: Money | None = None
    money_from: Name = ""
    state: Literal["", *STATES] = ""  # type: ignore[valid-type]
    follow_up: Text = ""
    reply: Literal["", *REPLIES] = ""  # type: ignore[valid-type]
    reply_words: Text = ""
    reply_by: Name = ""
    reply_on: date | None = None
    reply_due: date | None = None
    counted: Annotated[tuple[CountedEntry, ...], msgspec.Meta(max_length=MOST_AT_A_LINE)] = ()
    told: Annotated[tuple[ToldEntry, ...], msgspec.Meta(max_length=MOST_AT_A_LINE)] = ()

    @property
    def evidence(self) -> Findings:
        """What was counted and told at it. Only a line that asks for it has any."""
        counted = tuple(Measured(0, one.day, one.value, one.unit) for one in self.counted if self.kind == COUNTED)
        told = tuple(Telling(0, one.day, one.text) for one in self.told if self.kind == TOLD)
        return Findings(counted, told)

    @property
    def words(self) -> Words:
        """All that people wrote in it. The goal is one of this file, and is set by who loads it."""
        return Words(**{name: getattr(self, name) for name in Words._fields if name not in ("struck", "goal")})


class PlanFile(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A whole plan. A line that was crossed out is not in it, nor is a first name without its tick."""

    format: Literal["buurtboom-plan"]
    version: Literal[1]
    buurt: Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=KEEPABLE)]
    lines: Annotated[tuple[PlanEntry, ...], msgspec.Meta(max_length=200)]
    next_day: date | None = None
    next_hour: time | None = None
    next_place: Name = ""

    @property
    def next_time(self) -> NextTime:
        return NextTime(self.next_day, self.next_hour, self.next_place)


def write_plan_file(page: PlanPage, *, names: bool) -> bytes:
    """The plan as JSON that a person can read as well."""
    when = page.next_time
    lines = tuple(_make_entry(view, page.evidence.get(view.line.key, Findings()), names=names) for view in page.agreed)
    made = PlanFile("buurtboom-plan", 1, page.buurt, lines, when.day, when.hour, when.place)
    return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"


def _make_entry(view: LineView, known: Findings, *, names: bool) -> PlanEntry:
    line, held = view.line, view.line.words
    values: dict[str, Any] = {name: value for name, value in held._asdict().items() if name != "struck"}
    if not (names and held.may_name):
        values |= {"who": "", "may_name": False}
    counted = tuple(CountedEntry(one.day, one.value, one.unit) for one in known.measured)
    told = tuple(ToldEntry(one.day, one.text) for one in known.told)
    return PlanEntry(key=line.key, kind=line.kind, prompt=line.prompt, counted=counted, told=told, **values)


def read_plan_file(content: bytes) -> PlanFile:
    """A plan that was written before. Raises ValueError saying what is wrong, and where."""
    try:
        made = msgspec.json.decode(content, type=PlanFile)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    keys = [entry.key for entry in made.lines]
    if len(set(keys)) < len(keys):
        raise ValueError("Two lines have the same `key` - at `$.lines`")
    goals = {entry.key for entry in made.lines if entry.kind == "doel"}
    for place, entry in enumerate(made.lines):
        if entry.goal is not None and entry.goal not in goals:
            raise ValueError(f"No line is the goal {entry.goal} - at `$.lines[{place}].goal`")
        if not all(_can_be_kept(number) for number in (entry.money, *(one.value for one in entry.counted))):
            raise ValueError(
                f"A number has more than seven digits, or more than two behind the comma - at `$.lines[{place}]`"
            )
    return made


def _can_be_kept(number: Decimal | None) -> bool:
    if number is None:
        return True
    return number.is_finite() and abs(number) < MOST_NUMBER and number == number.quantize(Decimal("0.01"))


def make_schema() -> dict[str, Any]:
    """The JSON schema of a file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(PlanFile)}
