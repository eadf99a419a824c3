"""Decided answers -> lines for the plan, the buurtbeeld and the evaluation. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from content.graph import Answer

BLANK = "…"

# The order in which a plan is read aloud; the rest of the kinds belong to the buurtbeeld and the evaluation.
PLAN_KINDS = ("doel", "actie", "moment", "trekker", "wie", "nodig", "voorwaarde", "voortgang")
PICTURE_KINDS = ("mensen", "plekken", "cijfers", "verhalen", "opdracht")
INDICATOR_KINDS = ("tellen", "vertellen")
KINDS = (*PLAN_KINDS, *PICTURE_KINDS, *INDICATOR_KINDS)


class Draft(NamedTuple):
    """A line to fill in, from one decided answer. `position` is its place among the lines of that answer."""

    position: int
    kind: str
    prompt: str


class Part(NamedTuple):
    """A piece of a prompt with the blank behind it."""

    label: str
    text: str

    @property
    def says_more(self) -> bool:
        """Whether the label says more than its place among the steps does."""
        return bool(self.label) and not re.fullmatch(r"Stap \d+:?", self.label)


# What people choose from; nothing chosen is the empty word.
SIZES = ("chore", "project", "idea")  # we do it ourselves, others are needed, not yet
TERMS = ("now", "soon", "later")
DOERS = ("us", "together", "council")
STATES = ("busy", "done", "failed", "dropped")  # the empty word: not begun
REPLIES = ("yes", "no", "looking")  # of the municipality

DAYS = ("due", "look_back", "reply_on", "reply_due")
TICKS = ("struck", "may_name")

Value = str | date | Decimal | int | bool | None


class Words(NamedTuple):
    """All that people write in a line. Each field is one of its own: two devices may each change another.

    Only the texts are asked for; everything else may stay empty. See `PLAN.md` for where each comes from.
    """

    texts: tuple[str, ...] = ()  # one text per blank of the prompt
    who: str = ""  # a first name, which is printed with the plan only with `may_name`
    due: date | None = None
    struck: bool = False
    may_name: bool = False
    role: str = ""  # a role or an organisation
    partners: str = ""
    look_back: date | None = None
    goal: int | None = None  # the key of the line whose goal it serves
    size: str = ""
    term: str = ""
    doer: str = ""
    needs: str = ""
    money: Decimal | None = None  # in euros
    money_from: str = ""
    state: str = ""
    follow_up: str = ""  # what comes now that it did not work out
    reply: str = ""
    reply_words: str = ""
    reply_by: str = ""  # a function, no name
    reply_on: date | None = None
    reply_due: date | None = None  # when they will say more

    @property
    def mark(self) -> str:
        """All that the line holds, in short. Who takes something back gives the mark of what was in sight."""
        held = "|".join(f"{name}:{text}" for name, text in self.fields.items() if text)
        return sha256(held.encode()).hexdigest()[:16]

    @property
    def fields(self) -> dict[str, str]:
        """Each field as it stands in a form; the texts as `text-0`, `text-1`."""
        texts = {f"text-{place}": text for place, text in enumerate(self.texts)}
        return texts | {name: write_value(value) for name, value in zip(self._fields[1:], self[1:], strict=True)}

    def put(self, changes: Mapping[str, Value]) -> "Words":
        """The same words with other values in these fields."""
        texts = list(self.texts)
        for name in changes:
            if place := _TEXT.fullmatch(name):
                texts += [""] * (int(place[1]) + 1 - len(texts))
                texts[int(place[1])] = str(changes[name])
        others: dict[str, Any] = {name: value for name, value in changes.items() if not _TEXT.fullmatch(name)}
        return self._replace(texts=tuple(texts), **others)


def say_who_outside(words: Words, *, names: bool = True) -> str:
    """Who does a step, as far as that may be told outside the team: a first name only with the tick of that person."""
    name = words.who if names and words.may_name else ""
    return ", ".join(filter(None, (name, words.role)))


def is_settled(words: Words) -> bool:
    """Whether a step asks nothing any more: it worked out, is not needed, or the group knows what comes instead."""
    return words.state in ("done", "dropped") or (words.state == "failed" and bool(words.follow_up))


def join_texts(words: Words) -> str:
    """What the group wrote in a line, in one go."""
    return " ".join(text for text in words.texts if text)


_TEXT = re.compile(r"text-(\d{1,2})")


def write_value(value: Value) -> str:
    """A value as it stands in a form."""
    if value is None or value is False:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}".removesuffix(".00")
    return "1" if value is True else str(value)


def read_value(name: str, text: str) -> Value:
    """A value that was kept as it stands in a form, of this field of `Words`."""
    if name in DAYS:
        return date.fromisoformat(text) if text else None
    if name == "money":
        return Decimal(text) if text else None
    if name == "goal":
        return int(text) if text else None
    return bool(text) if name in TICKS else text


class Written(NamedTuple):
    """A line of the plan as it stands. `key` finds it again; `round` is the number of the one it comes from, if any,
    and `session` the key of its meeting."""

    key: int
    kind: str
    prompt: str
    words: Words
    round: int | None
    session: int | None = None

    @property
    def mark(self) -> str:
        return self.words.mark


MOST_LEAVES = 99  # that a plan on the wall can have


def read_leaf(screen: str) -> int | None:
    """Which leaf of the plan is on the wall: `plan` is the first, `plan/2` the next. None where it shows no plan."""
    found = re.fullmatch(r"plan(?:/([1-9]\d?))?", screen)
    return int(found[1] or 1) if found else None


class NextTime(NamedTuple):
    """When and where a group meets again. Any of it may still be open."""

    day: date | None = None
    hour: time | None = None
    place: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """Each field as it stands in a form."""
        hour = self.hour.strftime("%H:%M") if self.hour else ""
        return {"day": write_value(self.day), "hour": hour, "place": self.place}


class Merged(NamedTuple):
    """What was typed in a line together with what others wrote there meanwhile.

    `clashes` holds what was typed in fields that others changed as well: there stands what they wrote.
    """

    words: Words
    clashes: dict[str, Value]


def merge_words(there: Words, typed: Mapping[str, Value], was: Mapping[str, str]) -> Merged:
    """Somebody typed this where, as far as that device knew, `was` stood. By now the line holds what is `there`.

    A field of which nothing is said in `was` held nothing.
    """
    now = there.fields
    changed = {name: value for name, value in typed.items() if write_value(value) != now.get(name, "")}
    mine = {name: value for name, value in changed.items() if write_value(value) != was.get(name, "")}
    clashes = {name: value for name, value in mine.items() if now.get(name, "") != was.get(name, "")}
    return Merged(there.put({name: value for name, value in mine.items() if name not in clashes}), clashes)


class Piece(NamedTuple):
    """A part as it is read: with the stop behind it."""

    label: str
    text: str
    stop: str
    says_more: bool


def read_pieces(parts: Sequence[Part]) -> tuple[Piece, ...]:
    """The parts of a line with a stop where the next part begins a new sentence."""
    following = [*[part.label for part in parts[1:]], ""]
    return tuple(
        Piece(part.label, part.text, close_sentence(part.text, label), part.says_more)
        for part, label in zip(parts, following, strict=True)
    )


def join_pieces(parts: Sequence[Part]) -> str:
    """What asked for it and the words of the group: `Vast: elke dinsdag. Reserve: donderdag.`"""
    said = (
        f"{piece.label if piece.says_more else ''} {piece.text}{piece.stop}"
        for piece in read_pieces(parts)
        if piece.text
    )
    return " ".join(part.strip() for part in said)


def close_sentence(text: str, next_label: str) -> str:
    """The stop behind a text, if any. Inside a sentence there is none: behind `We zien elkaar elke … om` it goes on."""
    goes_on = next_label and not next_label[0].isupper()
    return "" if not text or goes_on or text.endswith((".", "!", "?", "…")) else "."


def draft_lines(answer: Answer) -> tuple[Draft, ...]:
    """The lines an answer leaves behind for the group to fill in, in the order of the content."""
    prompts: list[tuple[str, str]] = [(line.kind, line.prompt) for line in answer.plan]
    prompts += [(line.kind, line.prompt) for line in answer.picture]
    prompts += [(line.kind, line.text) for line in answer.indicators]
    return tuple(Draft(position, kind, prompt) for position, (kind, prompt) in enumerate(prompts))


def split_prompt(prompt: str) -> tuple[str, ...]:
    """The labels of the blanks in a prompt: `Vast: … Reserve: …` gives `Vast:` and `Reserve:`.

    A prompt without a blank is a question: it gets one blank behind it. Words behind the last blank join its label.
    """
    *labels, rest = (piece.strip(" .") for piece in prompt.split(BLANK))
    if not labels:
        return (rest if rest.endswith("?") else prompt.strip(),)
    if rest:
        labels[-1] = f"{labels[-1]} {BLANK} {rest}"
    return tuple(labels)


def fill_prompt(prompt: str, texts: Sequence[str]) -> tuple[Part, ...]:
    """A prompt with what the group wrote, blank by blank; missing texts are empty."""
    labels = split_prompt(prompt)
    return tuple(Part(label, text) for label, text in zip(labels, [*texts, *[""] * len(labels)], strict=False))
