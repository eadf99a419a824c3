"""Why something cannot be done now. Pure."""


class Refused(Exception):  # noqa: N818  the word of the room: the machine refuses, nothing is broken
    """Something that cannot be done now. `code` says why; the words live in `facilitation.messages`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
