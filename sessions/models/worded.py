"""What a line of the plan and each step of its history hold alike."""

from typing import Any

from sessions.rules.plan import Words


class Worded:
    """A row with the columns of a line, read and written as one value."""

    texts: Any
    who: Any
    due: Any
    struck: Any

    @property
    def words(self) -> Words:
        """All that people wrote in it."""
        return Words(tuple(self.texts), self.who, self.due, self.struck)

    @words.setter
    def words(self, words: Words) -> None:
        self.texts, self.who, self.due, self.struck = list(words.texts), words.who, words.due, words.struck
