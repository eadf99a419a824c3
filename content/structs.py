"""Structs that threads read at the same time.

msgspec learns a struct at its first use. Two threads that make it do so at once crash Python (msgspec 0.22, seen in
one of some fifty starts of a server with 300 phones at the door).
"""

import msgspec


def learn(*kinds: type) -> None:
    """Let msgspec learn these structs, and those inside them. Call it as a module loads: then there is one thread."""
    for kind in kinds:
        msgspec.json.Decoder(kind)
