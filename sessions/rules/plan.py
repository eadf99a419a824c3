"""Decided answers -> lines for the plan, the buurtbeeld and the evaluation. Pure."""

from collections.abc import Sequence
from datetime import date, time
from hashlib import sha256
from typing import NamedTuple

from content.graph import Answer

BLANK = "…"

# The order in which a plan is read aloud; the rest of the kinds belong to the buurtbeeld and the evaluation.
PLAN_KINDS = ("doel", "actie", "wie", "nodig", "voorwaarde", "voortgang")
PICTURE_KINDS = ("mensen", "plekken", "cijfers", "verhalen", "opdracht")
INDICATOR_KINDS = ("tellen", "vertellen")
KINDS = (*PLAN_KINDS, *PICTURE_KINDS, *INDICATOR_KINDS)


class Draft(NamedTuple):
    """A line to fill in, from one decided answer. `position` is its place among the lines of that answer."""

    position: int
    kind: str
    prompt: str


class Written(NamedTuple):
    """A line of the plan as it stands. `key` finds it again; `round` is the number of the one it comes from, if any."""

    key: int
    kind: str
    prompt: str
    texts: tuple[str, ...]  # one text per blank of the prompt
    who: str
    due: date | None
    struck: bool
    round: int | None
    mark: str  # see `Words.mark`


class Part(NamedTuple):
    """A piece of a prompt with the blank behind it."""

    label: str
    text: str


class Words(NamedTuple):
    """All that people write in a line. Each field is one of its own: two devices may each change another."""

    texts: tuple[str, ...] = ()  # one text per blank of the prompt
    who: str = ""
    due: date | None = None
    struck: bool = False

    @property
    def mark(self) -> str:
        """All that the line holds, in short, field by field. Who writes gives the mark of what was in sight."""
        return ",".join([MARK, *(f"{name}:{digest}" for name, digest in self.digests.items())])

    @property
    def digests(self) -> dict[str, str]:
        """Field by field, and nothing of an empty one: a line without words has none, however many blanks it has."""
        values = {f"text-{place}": text for place, text in enumerate(self.texts)}
        values |= {"who": self.who, "due": str(self.due or ""), "struck": "struck" if self.struck else ""}
        return {name: sha256(value.encode()).hexdigest()[:10] for name, value in values.items() if value}


MARK = "w"  # with which every mark begins


class NextTime(NamedTuple):
    """When and where a group meets again. Any of it may still be open."""

    day: date | None = None
    hour: time | None = None
    place: str = ""

    @property
    def mark(self) -> str:
        """All of it, in short. Who writes gives the mark of what was in sight."""
        return sha256(f"{self.day}|{self.hour}|{self.place}".encode()).hexdigest()[:16]


class Merged(NamedTuple):
    """What was typed in a line together with what others wrote there meanwhile.

    `clashes` names the fields that both changed; in those stands what was typed.
    """

    words: Words
    clashes: frozenset[str]


def merge_words(seen: str, typed: Words, there: Words) -> Merged:
    """Somebody who had `seen` a line, a `Words.mark`, typed this, and by now it holds what is `there`."""
    mine, theirs = typed.digests, there.digests
    changed = {name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)}
    begin, *fields = seen.split(",")
    if begin != MARK or not all(":" in field for field in fields):  # of an older page, or of no page of ours
        return Merged(typed, frozenset(changed))
    before = dict(field.split(":", 1) for field in fields)
    untouched = {name for name in changed if mine.get(name) == before.get(name)}
    clashes = {name for name in changed - untouched if theirs.get(name) != before.get(name)}
    if before.get("struck") != theirs.get("struck") and changed - untouched:
        clashes.add("struck")  # new words in a line that somebody else struck out, or brought back

    def pick(place: int) -> str:
        texts = there.texts if f"text-{place}" in untouched else typed.texts
        return texts[place] if place < len(texts) else ""

    return Merged(
        Words(
            tuple(pick(place) for place in range(max(len(typed.texts), len(there.texts)))),
            there.who if "who" in untouched else typed.who,
            there.due if "due" in untouched else typed.due,
            there.struck if "struck" in untouched else typed.struck,
        ),
        frozenset(clashes),
    )


class Piece(NamedTuple):
    """A part as it is read: with the stop behind it."""

    label: str
    text: str
    stop: str


def read_pieces(parts: Sequence[Part]) -> tuple[Piece, ...]:
    """The parts of a line with a stop where the next part begins a new sentence."""
    following = [*[part.label for part in parts[1:]], ""]
    return tuple(
        Piece(part.label, part.text, close_sentence(part.text, label))
        for part, label in zip(parts, following, strict=True)
    )


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
