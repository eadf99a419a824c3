"""Decided answers -> lines for the plan, the buurtbeeld and the evaluation. Pure."""

import json
from collections.abc import Sequence
from datetime import date
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
    mark: str  # see `mark_words`


class Part(NamedTuple):
    """A piece of a prompt with the blank behind it."""

    label: str
    text: str


def mark_words(texts: Sequence[str], who: str, due: date | None, *, struck: bool) -> str:
    """All that a line holds, in short. Who writes gives the mark of what was in sight."""
    held = json.dumps([list(texts) if any(texts) else [], who, str(due or ""), struck])
    return sha256(held.encode()).hexdigest()[:16]


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
