"""One gate for views and sockets alike: who it is, and what that one may see and do. See `docs/adr/0018`."""

import re
import uuid
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.models import User as Account
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from facilitation.guesses import guesses
from facilitation.server.addresses import can_choose, public_url
from facilitation.typed import read_signs
from sessions.deleted import is_within_reach
from sessions.exports.way import WayToPlan
from sessions.models import CODE_LENGTH, CODE_LETTERS, GroupSession, Participant, Team, Trajectory
from sessions.reading import find_seated_person, list_links
from sessions.rules.actors import STRANGER, Actor
from sessions.rules.refusals import Reason, Refused
from sessions.statements import ask, table
from sessions.writing.seats import SEAT_DAYS

STRANGERS_AFTER_END = timedelta(days=7)
OFFERS = "aanbod"  # the cookie with the secret of a phone that offered something
OFFER_SECONDS = 365 * 24 * 3600
SEAT_SALT = "buurtboom.seat"
SEAT_SECONDS = SEAT_DAYS * 24 * 3600  # a meeting may be resumed weeks later, from the same phones

User = AbstractBaseUser | AnonymousUser


class Right(StrEnum):
    """What a page, a form or a socket asks of who comes to it."""

    OPEN = "open"  # nothing
    CODE = "code"  # to know the code of the meeting
    SEAT = "seat"  # to have a seat in it
    ACCOUNT = "account"  # to be logged in
    # Of the team whose meeting it is:
    READ = "read"
    LEAD = "lead"
    MANAGE = "manage"


# What membership of a team gives. So far a team has one role.
TEAM_RIGHTS = frozenset({Right.READ, Right.LEAD, Right.MANAGE})

# Each address (by its name in `urls.py`) and each socket (by its name in `live/routing.py`). What stands not here is a
# fault.
RIGHTS: Mapping[str, Right] = {
    "home": Right.OPEN,
    "health": Right.OPEN,
    "busy": Right.OPEN,
    "login": Right.OPEN,
    "logout": Right.OPEN,
    "alone": Right.OPEN,
    "alone-node": Right.OPEN,
    "alone-answer": Right.OPEN,
    "alone-path": Right.OPEN,
    "library": Right.OPEN,
    "element": Right.OPEN,
    "intervention": Right.OPEN,
    "handbook": Right.OPEN,
    "own-offers": Right.OPEN,  # the cookie is the key
    # The link is the key:
    "shared": Right.OPEN,
    "shared-pdf": Right.OPEN,
    "shared-calendar": Right.OPEN,
    "shared-remind": Right.OPEN,
    "reminder": Right.OPEN,
    "reminder-stop": Right.OPEN,
    "phone": Right.CODE,
    "role": Right.CODE,
    "vote": Right.SEAT,
    "propose": Right.SEAT,
    "offer": Right.SEAT,
    "wipe": Right.SEAT,
    "phone-state": Right.SEAT,
    "phone-socket": Right.SEAT,
    "password_change": Right.ACCOUNT,
    "overview": Right.ACCOUNT,
    "beamer": Right.READ,
    "beamer-state": Right.READ,
    "beamer-socket": Right.READ,
    "summary": Right.READ,
    "summary-text": Right.READ,
    "console": Right.LEAD,
    "console-state": Right.LEAD,
    "console-socket": Right.LEAD,
    "command": Right.LEAD,
    "hands": Right.LEAD,
    "steps": Right.LEAD,
    "proposals": Right.LEAD,
    "send-away": Right.LEAD,
    "wifi": Right.LEAD,
    "network": Right.LEAD,
    "simulate": Right.LEAD,
    "meeting-plan": Right.LEAD,
    "meeting-share": Right.LEAD,
    "trajectory": Right.READ,
    "merge": Right.MANAGE,
    "part": Right.MANAGE,
    "plan": Right.LEAD,
    "plan-file": Right.LEAD,
    "evaluation": Right.LEAD,
    "evidence": Right.LEAD,
    "plan-share": Right.LEAD,
    "plan-withdraw": Right.LEAD,
    "plan-state": Right.LEAD,
    "plan-socket": Right.LEAD,
    "plan-show": Right.LEAD,
    "plan-add": Right.LEAD,
    "plan-line": Right.LEAD,
    "plan-move": Right.LEAD,
    "plan-fold": Right.LEAD,
    "plan-pick": Right.LEAD,
    "plan-next": Right.LEAD,
    "plan-history": Right.LEAD,
    "plan-undo": Right.LEAD,
    "plan-forget": Right.LEAD,
    "manage": Right.MANAGE,
    "delete": Right.MANAGE,
    "restore": Right.MANAGE,
}

# Each member of the team that holds the session, in one order: whose login it is stands within its data.
_RIGHT = (
    "SELECT login.session_data, account.id, account.password, account.is_active"
    f" FROM {table(GroupSession)} meeting JOIN {table(Trajectory)} part_of ON part_of.id = meeting.trajectory_id"
    f" JOIN {table(Team.members.through)} member ON member.team_id = part_of.team_id"
    f" JOIN {table(Account)} account ON account.id = member.user_id"
    f" JOIN {table(Session)} login ON meeting.code = %s AND meeting.deleted_at IS NULL"
    " WHERE login.session_key = %s AND login.expire_date > %s ORDER BY account.id"
)


def read_code(text: str) -> str:
    """A join code as people type it (`kr7 4wn`, `KR7–4WN`, `KR۷ ۴WN`) -> as we keep it. Raises Refused."""
    code = read_signs(text)
    if len(code) != CODE_LENGTH or set(code) - set(CODE_LETTERS):
        raise Refused(Reason.UNKNOWN_CODE)
    return code


def find_session(code: str) -> GroupSession:
    """The session with this code, for anybody who knows it. Raises Refused.

    Of a meeting that ended a week ago a stranger hears nothing any more.
    """
    known = read_code(code)
    if not guesses.may_look_up(known):
        raise Refused(Reason.TOO_MANY_CODES)
    session = GroupSession.objects.select_related("trajectory").filter(code=known).first()
    if session is None or _is_long_over(session):
        guesses.note_miss()
        raise Refused(Reason.UNKNOWN_CODE)
    guesses.note_hit(known)
    return session


def _is_long_over(session: GroupSession) -> bool:
    return session.ended_at is not None and timezone.now() - session.ended_at > STRANGERS_AFTER_END


def identify(user: User) -> Actor:
    """Who somebody is by a login: a member of teams, or a stranger."""
    if isinstance(user, Account):
        return Actor("member", user.pk, user.get_full_name() or user.get_username())
    return STRANGER


def find_team_session(actor: Actor, code: str, right: Right) -> GroupSession:
    """The session with this code, for who has this right to it. Raises Refused, the same for unknown and foreign."""
    session = find_kept_session(actor, code, right)
    if session.deleted_at:
        raise Refused(Reason.RESTORABLE)
    return session


def find_kept_session(actor: Actor, code: str, right: Right) -> GroupSession:
    """The same, also when it was deleted and can still be brought back."""
    try:
        known = read_code(code)
    except Refused as refusal:
        raise Refused(Reason.UNKNOWN_SESSION) from refusal
    if actor.kind != "member" or right not in TEAM_RIGHTS:
        raise Refused(Reason.UNKNOWN_SESSION)
    ours = GroupSession.everything.select_related("trajectory").filter(trajectory__team__members=actor.key)
    session = ours.filter(is_within_reach(), code=known).first()
    if session is None:
        raise Refused(Reason.UNKNOWN_SESSION)
    guesses.note_hit(known)
    return session


def find_trajectory(actor: Actor, key: int, right: Right) -> Trajectory:
    """The trajectory with this key, for who has this right to it. Raises Refused, the same for unknown and foreign."""
    ours = Trajectory.objects.filter(team__members=actor.key) if actor.kind == "member" else Trajectory.objects.none()
    trajectory = ours.select_related("merged_into").filter(pk=key).first() if right in TEAM_RIGHTS else None
    if trajectory is None:
        raise Refused(Reason.UNKNOWN_PLAN)
    return trajectory.merged_into or trajectory  # an old address leads on


def read_right(login: str | None, code: str) -> tuple[Any, ...] | None:
    """All that the right of a login to lead a session hangs on, to compare with what it was. None without a login."""
    held = ask(_RIGHT, [code, login, connection.ops.adapt_datetimefield_value(timezone.now())])
    return tuple(held) or None


def read_seat(cookies: Mapping[str, str], code: str) -> uuid.UUID | None:
    """The seat that this phone's cookie holds, if we signed it for this session."""
    return _read_seat(cookies.get(_cookie(code)), code) or _read_seat(cookies.get(_old_cookie(code)), code)


def _read_seat(value: str | None, code: str) -> uuid.UUID | None:
    if not value:
        return None
    try:
        return uuid.UUID(hex=signing.loads(value, salt=f"{SEAT_SALT}.{code}", max_age=SEAT_SECONDS))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def give_seat(response: HttpResponse, code: str, seat: uuid.UUID) -> None:
    """Let the phone keep its seat: signed by us, out of reach of scripts, for this session alone."""
    response.set_cookie(
        _cookie(code),
        signing.dumps(seat.hex, salt=f"{SEAT_SALT}.{code}"),
        max_age=SEAT_SECONDS,
        path=_path(code),
        httponly=True,
        samesite="Lax",
        secure=settings.IS_HTTPS,
    )


def renew_seat(cookies: Mapping[str, str], response: HttpResponse, code: str) -> None:
    """A cookie of before December 2026 travelled with every request: give it the path it has now."""
    if seat := _read_seat(cookies.get(_old_cookie(code)), code):
        response.delete_cookie(_old_cookie(code))
        give_seat(response, code, seat)


def take_seat_back(response: HttpResponse, code: str) -> None:
    """Let the phone forget its seat."""
    response.delete_cookie(_cookie(code), path=_path(code))
    response.delete_cookie(_old_cookie(code))


def read_secret(cookies: Mapping[str, str]) -> str:
    """What this phone takes its offers back with; empty where it never made one."""
    secret = cookies.get(OFFERS, "")
    return secret if re.fullmatch(r"[\w-]{22}", secret, re.ASCII) else ""


def name_owner(secret: str) -> str:
    """Of whom the offers with this secret are, as we keep it; empty without one."""
    return sha256(secret.encode()).hexdigest() if secret else ""


def give_secret(response: HttpResponse, secret: str) -> None:
    """Let the phone keep what its offers are taken back with, also when it has no seat any more."""
    response.set_cookie(
        OFFERS, secret,
        max_age=OFFER_SECONDS, path="/m", httponly=True, samesite="Lax", secure=settings.IS_HTTPS,
    )  # fmt: skip


def take_secret_back(response: HttpResponse) -> None:
    """Let the phone forget it: nothing is left to take back."""
    response.delete_cookie(OFFERS, path="/m")


def find_visitor(cookies: Mapping[str, str], text: str) -> tuple[GroupSession, Participant | None]:
    """The session with this code and who holds the seat of this phone there, if anybody. Raises Refused."""
    code = read_code(text)
    person = find_participant(cookies, code)
    if person:
        return person.session, person
    if read_seat(cookies, code) and not GroupSession.objects.filter(code=code).exists():
        raise Refused(Reason.DELETED)  # who was there hears what happened, and guesses no code
    return find_session(code), None


def find_participant(cookies: Mapping[str, str], code: str) -> Participant | None:
    """Who holds the seat of this phone, if anybody took it."""
    seat = read_seat(cookies, code)
    return find_seated_person(code, seat) if seat else None


def share_url(token: str) -> str:
    """Where a shared plan is read; empty when phones have no way to this machine."""
    public = public_url()
    return f"{public}/p/{token}" if public else ""


def find_way_to_plan(trajectory: Trajectory, *, names: bool) -> WayToPlan | None:
    """The newest link to a plan, for a paper or a mail to carry; without `names` only one that shows none.

    None on a laptop that goes home, where it would soon be dead.
    """
    if can_choose():
        return None
    links = list_links(trajectory)
    link = links.first() if names else links.filter(with_names=False).first()
    address = share_url(link.token) if link else ""
    return WayToPlan(address, timezone.localdate(link.ends_at)) if link and address else None


def join_url(code: str) -> str:
    """The address in the QR: one that a phone can reach. Empty when this machine has no such address."""
    address = public_url()
    return f"{address}/m/{code}" if address else ""


def _cookie(code: str) -> str:
    return f"stoel_{code}"


def _path(code: str) -> str:
    """It travels only to the meeting that it is for."""
    return f"/m/{code}"


def _old_cookie(code: str) -> str:
    return f"plek_{code}"
