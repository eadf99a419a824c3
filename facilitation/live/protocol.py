"""Every frame that travels over a websocket, and every JSON answer of the routes beside it.

`docs/protocol.md` describes them for somebody who writes another client; a test keeps page and code in step.
A frame to a screen is a whole state: nothing has to be kept, merged or replayed.
"""

import re

import msgspec

from facilitation.messages import explain
from sessions.reading import OwnLine
from sessions.rules.refusals import Reason, Refused

MOST_ANSWERS, MOST_OF_ANSWER = 9, 80  # far more than a round asks
MOST_BYTES = 4096  # a frame from a phone is a hundred bytes; more is not ours


class In(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="type", tag=str.lower):
    """A frame from a client."""


class CastVote(In, frozen=True, tag="vote"):
    """Vote for `answer` in round `round`, and for `more` where somebody can choose several.

    `id` comes back in the answer. `role`: what this phone shows itself to be.
    """

    id: str
    round: int
    answer: str
    role: str | None = None
    more: tuple[str, ...] = ()


class Withdraw(In, frozen=True):
    """Take the vote in round `round` back."""

    id: str
    round: int
    role: str | None = None


class Ping(In, frozen=True):
    """Are you there?"""


class Look(In, frozen=True, tag="state"):
    """Send the whole state again."""


class Writing(In, frozen=True):
    """Somebody writes in this line of the plan, or, without one, has left it. `page`: a name that the page made up."""

    page: str
    line: int | None = None


class Out(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag=str.lower):
    """A frame to a client."""


class Own(msgspec.Struct, frozen=True, omit_defaults=True):
    """The vote of the phone that asks, and what it proposed; never part of a frame that goes to everybody."""

    round: int
    answer: str | None
    more: tuple[str, ...] = ()
    lines: tuple[OwnLine, ...] = ()


class StateFrame(Out, frozen=True, tag="state"):
    """What this audience sees now. `own` only travels to its phone. Without `html` it shows that already."""

    version: int  # of the walk: what a command says it saw
    revision: int  # of all that this audience sees; a lower one is older
    scene: str
    status: str
    html: str | None = None
    round: int | None = None
    choices: tuple[str, ...] = ()
    own: Own | None = None
    role: str | None = None


class Counts(Out, frozen=True):
    """The part of a beamer or console that changes with every vote. Belongs to the state of `revision`."""

    revision: int
    html: str


class Ack(Out, frozen=True):
    """The vote with this `id` is on disk, or taken back."""

    id: str
    round: int
    answer: str | None
    more: tuple[str, ...] = ()


class No(Out, frozen=True, tag="refused"):
    """Refused, with the reason as a code and as a Dutch sentence."""

    code: str
    message: str
    id: str = ""


class Unkept(Out, frozen=True):
    """A form was not kept: by name of the field what is wrong there, as a Dutch sentence."""

    errors: dict[str, str]


class Pong(Out, frozen=True):
    """Yes. `revision` is the newest this server knows of: a client that has an older one asks for the state."""

    revision: int


_decoder = msgspec.json.Decoder(CastVote | Withdraw | Ping | Look | Writing)
_PAGE = re.compile(r"[a-z0-9]{1,20}")
_encoder = msgspec.json.Encoder()


def read_frame(text: str | None) -> CastVote | Withdraw | Ping | Look | Writing:
    """A frame from a client. Raises Refused(Reason.BAD_FRAME) for anything else, however large, deep or odd."""
    if text is None or len(text) > MOST_BYTES:
        raise Refused(Reason.BAD_FRAME)
    try:
        frame = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Refused(Reason.BAD_FRAME) from error
    if isinstance(frame, CastVote | Withdraw) and not _is_in_bounds(frame):
        raise Refused(Reason.BAD_FRAME)
    if isinstance(frame, Writing) and not (_PAGE.fullmatch(frame.page) and 0 <= (frame.line or 0) < 2**31):
        raise Refused(Reason.BAD_FRAME)
    return frame


def _is_in_bounds(frame: CastVote | Withdraw) -> bool:
    answers = (frame.answer, *frame.more) if isinstance(frame, CastVote) else ()
    if len(answers) > MOST_ANSWERS or any(len(answer) > MOST_OF_ANSWER for answer in answers):
        return False
    return len(frame.id) <= 64 and 0 < frame.round < 100_000 and len(frame.role or "") <= 40


def write_frame(frame: Out) -> str:
    return _encoder.encode(frame).decode()


def refuse(code: Reason, id: str = "") -> No:
    return No(code=code, message=explain(code), id=id)
