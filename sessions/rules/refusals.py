"""Why something cannot be done now. Pure."""

from enum import StrEnum


class Reason(StrEnum):
    """Why something was refused, as it travels to a client. The words live in `facilitation.messages`."""

    # to a phone
    ROUND_CLOSED = "round-closed"
    ROUND_READING = "round-reading"
    ROUND_OLD = "round-old"
    OTHER_ROLE = "other-role"
    ROLE_CHANGED = "role-changed"
    UNKNOWN_ANSWER = "unknown-answer"
    NO_ANSWER = "no-answer"
    WATCHING = "watching"
    NO_SEAT = "no-seat"
    NO_COOKIE = "no-cookie"
    UNKNOWN_ROLE = "unknown-role"
    UNKNOWN_CODE = "unknown-code"
    PAUSED = "paused"
    ENDED = "ended"
    BAD_FRAME = "bad-frame"
    TOO_MANY_CODES = "too-many-codes"
    WAITS = "waits"
    DELETED = "deleted"
    DOOR_SHUT = "door-shut"
    BUSY = "busy"
    # to a facilitator
    LATE = "late"
    NOT_NOW = "not-now"
    FIRST_QUESTION = "first-question"
    NOTHING_TO_UNDO = "nothing-to-undo"
    NO_SUCH_WAY = "no-such-way"
    UNKNOWN_CARD = "unknown-card"
    NO_CHECK_NOW = "no-check-now"
    EMPTY_PLAN = "empty-plan"
    ANSWER_MISSING = "answer-missing"
    HOW_MISSING = "how-missing"
    WHY_MISSING = "why-missing"
    TOO_LONG = "too-long"
    UNKNOWN_PHASE = "unknown-phase"
    UNKNOWN_PLAN = "unknown-plan"
    CANNOT_MERGE = "cannot-merge"
    CANNOT_PART = "cannot-part"
    UNKNOWN_LINE = "unknown-line"
    TOO_MANY_LINES = "too-many-lines"
    TOO_MANY_STRUCK = "too-many-struck"
    TOO_MANY_LINKS = "too-many-links"
    KNOWN_BUURT = "known-buurt"
    HANDS_NUMBER = "hands-number"
    CHAIRS_NUMBER = "chairs-number"
    AWAY_NUMBER = "away-number"
    HANDS_LATE = "hands-late"
    UNDO_COUNTED = "undo-counted"
    UNKNOWN_SESSION = "unknown-session"
    RESTORABLE = "restorable"
    LOGGED_OUT = "logged-out"
    SIMULATED = "simulated"
    TOO_MANY_SIMULATED = "too-many-simulated"
    NO_CONTENT = "no-content"
    COOKIES_OFF = "cookies-off"
    WIFI_NAME = "wifi-name"
    WIFI_PASSWORD = "wifi-password"  # noqa: S105
    UNKNOWN_NETWORK = "unknown-network"
    NO_TEAM = "no-team"


class Refused(Exception):  # noqa: N818  the word of the room: the machine refuses, nothing is broken
    """Something that cannot be done now. `code` says why."""

    def __init__(self, code: Reason) -> None:
        super().__init__(code)
        self.code = code
