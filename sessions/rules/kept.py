"""What is kept as JSON beside the rows. Pure.

It may have been written by another release, with other names. A strict reading would make every screen of a meeting a
fault, so what cannot be read is not there.
"""

from typing import TypeVar

import msgspec

Shape = TypeVar("Shape")


def read_kept(shape: type[Shape], kept: object) -> Shape | None:
    """What was kept: the bytes of JSON, or what the database made of them. None when it cannot be read."""
    try:
        return msgspec.json.decode(kept, type=shape) if isinstance(kept, bytes) else msgspec.convert(kept, shape)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
