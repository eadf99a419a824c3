"""What is wrong with the content, said so that an editor can mend it. No Django here."""

from collections.abc import Iterable
from typing import NamedTuple

ROLES_FILE = "rollen.yaml"
ELEMENTS_FILE = "elementen.yaml"
INTERVENTIONS_FILE = "interventies.yaml"


def tree_file(phase: str) -> str:
    """The name of the file that holds the tree of a phase."""
    return f"{phase}.yaml"


class Spot(NamedTuple):
    """A spot in a file, on the way down: the slugs passed, and then the keys below the last of them."""

    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    def into(self, slug: str) -> "Spot":
        """The spot of something with a name of its own."""
        return Spot((*self.names, slug), ())

    def at(self, key: str) -> "Spot":
        """The spot of a key of what we are in."""
        return Spot(self.names, (*self.keys, key))

    def item(self, number: int) -> "Spot":
        """The spot of a nameless item of the list we are in, counted from one."""
        return Spot(self.names, (*self.keys[:-1], f"{self.keys[-1]} {number}"))

    def __str__(self) -> str:
        return ", ".join(filter(None, ("/".join(self.names), *self.keys)))


class Problem(NamedTuple):
    """One thing to mend: in which file, at which place, what is wrong, and what to do about it."""

    file: str
    place: str
    what: str
    mend: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.what} {self.mend}"


class ContentError(Exception):
    """The content cannot be used. `problems` says why; as text it is one problem a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
