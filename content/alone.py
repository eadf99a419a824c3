"""Walking the trees alone, in any role, with everything in the address. Pure.

The role is the slug of a role of the library; without it one looks in all roles at once. The path is the place where
it begins and the answers taken from there, `startfase.aanleiding.probleem.van-velen`. Each answer says where the next
one stands, so a path that no longer fits the content is noticed; a `~` begins anew elsewhere.
"""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from content.graph import Answer, Library, Place, Role

MOST_STEPS = 60  # keeps the address short enough for every server and browser on the way


class AddressError(ValueError):
    """Something in the address that we cannot read."""


class Taken(NamedTuple):
    """An answer taken at a question."""

    place: Place
    answer: str


class Walker(NamedTuple):
    """Somebody who walks alone: everything the address says. `complaint` is what was wrong with that address."""

    library: Library
    role: Role | None = None
    steps: tuple[Taken, ...] = ()
    complaint: str = ""

    @property
    def trail(self) -> str:
        return write_trail(self.library, self.steps)

    @property
    def query(self) -> str:
        """The part of an address that takes role and path along."""
        pairs = {"rol": self.role.slug if self.role else "", "pad": self.trail}
        filled = {name: value for name, value in pairs.items() if value}
        return f"?{urlencode(filled)}" if filled else ""

    def take(self, taken: Taken) -> "Walker":
        """The walker one step further; what lies too far back falls off the path."""
        return self._replace(steps=(*self.steps, taken)[-MOST_STEPS:])

    def go_back(self) -> "Walker":
        return self._replace(steps=self.steps[:-1])

    def may_give(self, answer: Answer) -> bool:
        return answer.is_open_to(self.role.slug if self.role else None)

    def chose_at(self, place: Place) -> set[str]:
        """The answers that were chosen here before."""
        return {taken.answer for taken in self.steps if taken.place == place}

    def retrace(self) -> Iterator["Retraced"]:
        """The path from its beginning, to read back."""
        visits: dict[Place, int] = {}
        led_to = self.steps[0].place if self.steps else None
        for taken in self.steps:
            visits[taken.place] = visits.get(taken.place, 0) + 1
            yield Retraced(taken, visits[taken.place], taken.place != led_to)
            led_to = find_next(self.library, taken)


class Retraced(NamedTuple):
    """A step of a path that is read back: which visit of its place it was, and whether the path began anew there."""

    taken: Taken
    visit: int
    is_jump: bool


def write_trail(library: Library, steps: tuple[Taken, ...]) -> str:
    """A path as the word that stands in the address."""
    written = ""
    here = None
    for taken in steps:
        if taken.place != here:
            written += f"{'~' if written else ''}{taken.place.phase}.{taken.place.node}"
        written += f".{taken.answer}"
        here = find_next(library, taken)
    return written


def read_trail(library: Library, written: str) -> tuple[Taken, ...]:
    """The path that this word stands for. Raises AddressError when a step of it is not in the content."""
    steps = tuple(taken for chain in written.split("~") for taken in _read_chain(library, chain)) if written else ()
    if len(steps) > MOST_STEPS:
        raise AddressError("too long")
    return steps


def _read_chain(library: Library, chain: str) -> Iterator[Taken]:
    phase, _, rest = chain.partition(".")
    node, *answers = rest.split(".")
    if not answers:
        raise AddressError("a beginning without an answer")
    place = Place(phase, node)
    for answer in answers:
        taken = Taken(place, answer)
        try:
            place = find_next(library, taken)
        except KeyError as error:
            raise AddressError(str(error)) from None
        yield taken


def find_next(library: Library, taken: Taken) -> Place:
    """Where a step leads. Raises KeyError when there is no such answer."""
    return library.resolve(taken.place.phase, library.node(taken.place).answer(taken.answer).next)


def read_role(library: Library, slug: str) -> Role | None:
    """The role with this slug, or None without one. Raises AddressError when there is no such role."""
    try:
        return library.role(slug) if slug else None
    except KeyError:
        raise AddressError(slug) from None
