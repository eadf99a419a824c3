"""What was made once and is kept ready, for all threads of a process."""

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Shelf(Generic[Key, Thing]):
    """Keeps so many things at most: the one that was put there first goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: dict[Key, Thing] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._things)

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
