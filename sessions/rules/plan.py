"""Decided answers -> lines for the plan, the buurtbeeld and the evaluation. Pure."""

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


class Part(NamedTuple):
    """A piece of a prompt with the blank behind it."""

    label: str
    text: str


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


def fill_prompt(prompt: str, texts: list[str]) -> tuple[Part, ...]:
    """A prompt with what the group wrote, blank by blank; missing texts are empty."""
    labels = split_prompt(prompt)
    return tuple(Part(label, text) for label, text in zip(labels, [*texts, *[""] * len(labels)], strict=False))
