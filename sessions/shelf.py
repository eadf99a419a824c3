"""What was made once and is kept ready, for all threads of a process."""

import threading
from collections.abc import Hashable
from typing import Any, ClassVar, Generic, TypeVar
from weakref import WeakSet

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Shelf(Generic[Key, Thing]):
    """Keeps so many things at most: the one that was put there first goes first."""

    _all: "ClassVar[WeakSet[Shelf[Any, Any]]]" = WeakSet()

    def __init__(self, most: int) -> None:
        self._all.add(self)
        self._most = most
        self._things: dict[Key, Thing] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._things)

    @classmethod
    def clear_all(cls) -> None:
        """Nothing stands ready any more, on any shelf of this process."""
        for shelf in cls._all:
            shelf.clear()

    @classmethod
    def list_things(cls) -> list[Any]:
        """Everything that stands ready, on any shelf of this process."""
        return [thing for shelf in cls._all for thing in list(shelf._things.values())]

    def get(self, key: Key) -> Thing | None:
        return self._things.get(key)

    def put(self, key: Key, thing: Thing) -> Thing:
        """Keep a thing, and return it."""
        # Under a lock: looking for the oldest fails when somebody puts something there meanwhile.
        with self._lock:
            self._things[key] = thing
            while len(self._things) > self._most:
                del self._things[next(iter(self._things))]
        return thing

    def clear(self) -> None:
        with self._lock:
            self._things.clear()
