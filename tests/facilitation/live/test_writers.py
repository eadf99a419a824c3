"""Every writer proves itself: what each screen holds after it is what a fresh page shows, also when no word came.

As zulip's `verify_action`. A new writer, or a new command, needs a row here; without one the last test fails.
"""

import ast
import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.test.html import Element, parse_html
from django.utils import timezone

import sessions.writing
from facilitation.live.layer import tell_processes
from facilitation.live.switchboard import switchboard
from sessions.models import (
    GroupSession,
    Measurement,
    Offer,
    Participant,
    PlanClash,
    PlanLine,
    PlanLink,
    Proposal,
    Trajectory,
)  # fmt: skip
from sessions.rules.asking import Ballot
from sessions.rules.commands import COMMANDS
from sessions.signals import session_changed
from sessions.writing.evaluation import drop_evidence, keep_measurement, keep_tale
from sessions.writing.hands import Count, count_hands
from sessions.writing.links import share_plan, withdraw_link
from sessions.writing.meetings import rename_session, set_wifi
from sessions.writing.offers import Offering, forget_old_names, keep_offers, take_offers_back
from sessions.writing.plan import (
    add_plan_line,
    fold_plan_line,
    forget_plan_steps,
    move_plan_line,
    note_plan_hand,
    pick_plan_text,
    set_next_time,
    strike_plan_line,
    undo_plan_change,
    write_plan_line,
)
from sessions.writing.proposals import Sent, keep_proposals, settle_proposal, take_proposal_back
from sessions.writing.seats import give_up_seat, mark_seen, send_away_last, take_seat
from sessions.writing.tidying import delete_old_seats, unlink_old_votes
from sessions.writing.trajectories import merge_trajectories, part_trajectories
from sessions.writing.votes import cast_vote
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone, Socket, let_go_of_the_database, open_socket
from tests.plans import fill_line

INW, PRO = "inwoner", "wijkprofessional"
ANSWER = "probleem"
OPENED, REVEALED = ("start", "open"), ("start", "open", "close", "reveal", "split")
WHY = {"answer": ANSWER, "how": "talk", "why": "Daar zijn we het over eens."}
MOST_SECONDS = 10  # less than the room lets pass between two looks of its own
QUIET_SECONDS = 0.15  # after which nothing more comes: counts may wait a tenth

pytestmark = pytest.mark.django_db(transaction=True)


class Evening:
    """A meeting with two phones that look on, a wall and a console."""

    def __init__(self, session: GroupSession, leader: Any) -> None:
        self.session, self.code = session, session.code
        self.phones = [Phone(self.code, INW), Phone(self.code, PRO)]
        self.leader = CarefulClient()
        self.leader.force_login(leader)

    def do(self, *names: str, **fields: Any) -> None:
        for name in names:
            given = WHY if name == "decide" and not fields else fields
            run_command(self.code, COMMANDS[name](**given), seen=self.read().version, actor=LEADER)

    def read(self) -> GroupSession:
        return GroupSession.everything.get(pk=self.session.pk)

    def someone(self, place: int = 0) -> Participant:
        return Participant.objects.filter(session=self.session).order_by("pk")[place]

    @property
    def plan(self) -> int:
        return self.session.trajectory_id

    def line(self) -> PlanLine:
        return self.session.plan_lines.get()

    def clash(self) -> int:
        return PlanClash.objects.get().pk

    def fetch(self) -> list[dict[str, Any]]:
        """What a fresh page shows, screen by screen."""
        pages = [phone.poll() for phone in self.phones]
        pages += [self.leader.get(f"/b/{self.code}/{view}/stand") for view in ("beamer", "console")]
        pages.append(self.leader.get(f"/t/{self.plan}/plan/stand"))
        return [json.loads(page.content) for page in pages]


class Row(NamedTuple):
    """A writer at work: what came before it, and what it does."""

    before: Callable[[Evening], object]
    act: Callable[[Evening], object]


def after(*names: str) -> Callable[[Evening], object]:
    return lambda evening: evening.do(*names)


def give(name: str, *before: str, **fields: Any) -> Row:
    return Row(after(*before), lambda evening: evening.do(name, **fields))


def make_line(evening: Evening) -> None:
    add_plan_line(evening.plan, "actie", {}, actor=LEADER)
    evening.do("plan")


def make_written_line(evening: Evening) -> None:
    make_line(evening)
    fill_line(evening.line(), "bij het zebrapad staan")
    strike_plan_line(evening.plan, evening.line().pk, struck=True, actor=LEADER)


def make_two_texts(evening: Evening) -> None:
    make_line(evening)
    fill_line(evening.line(), "meten")
    write_plan_line(evening.plan, evening.line().pk, {"text-0": "tellen"}, was={}, actor=LEADER)


def make_other(evening: Evening) -> None:
    """Another trajectory of the team, with a step in its plan."""
    other = Trajectory.objects.create(team=evening.session.trajectory.team, buurt="Elders")
    add_plan_line(other.pk, "actie", {"text-0": "praten"}, actor=LEADER)
    evening.do("plan")


def make_open_step(evening: Evening) -> None:
    """A step that another meeting agreed on."""
    add_plan_line(evening.plan, "actie", {"text-0": "meten"}, actor=LEADER)
    PlanLine.objects.update(session=None)


def make_asked_step(evening: Evening) -> None:
    make_open_step(evening)
    evening.do("takestock", "reveal")


def make_line_in_walk(evening: Evening) -> None:
    evening.do("start")
    add_plan_line(evening.plan, "actie", {"text-0": "meten"}, actor=LEADER)


def make_offer(evening: Evening) -> Offering:
    return Offering(evening.someone().pk, "a" * 64, evening.line().pk, ("hands",))


def make_old_name(evening: Evening) -> None:
    make_line_in_walk(evening)
    keep_offers([make_offer(evening)._replace(name="Ans", may_name=True)])
    Offer.objects.update(made_on=timezone.localdate() - timedelta(days=366))


def make_counted(evening: Evening) -> None:
    """The plan is on the wall, with something to count that was counted once."""
    make_sign(evening, "tellen")
    count_cars(evening, day=date(2026, 1, 2))


def make_sign(evening: Evening, kind: str) -> None:
    evening.do("start", "plan")
    add_plan_line(evening.plan, kind, {"text-0": "auto's"}, actor=LEADER)


def count_cars(evening: Evening, day: date) -> None:
    keep_measurement(evening.plan, evening.line().pk, Decimal(41), unit="auto's", day=day, actor=LEADER)


def make_checked(evening: Evening) -> None:
    """The room reads the plan, in which one step stands."""
    make_line_in_walk(evening)
    evening.do("check")


def make_gathered(evening: Evening) -> None:
    """A phone proposed a line, and the facilitator did not read it yet."""
    evening.do("start")
    evening.do("gather", subject="actie")
    keep_proposals([Sent(evening.someone().pk, 2, "meten"), Sent(evening.someone().pk, 2, "vragen")])


def make_proposed(evening: Evening) -> None:
    """The room chose among proposals."""
    make_gathered(evening)
    settle_first(evening)
    evening.do("open", "reveal")


def settle_first(evening: Evening) -> None:
    settle_proposal(evening.code, Proposal.objects.first().pk, "shown", text="samen meten", actor=LEADER)


def adopt_all(evening: Evening) -> None:
    evening.do("adopt", answers=tuple(f"p{row.pk}" for row in Proposal.objects.filter(status="shown")))


def share(evening: Evening) -> None:
    share_plan(evening.plan, with_names=False, frozen=None, actor=LEADER)


def make_merged(evening: Evening) -> None:
    make_other(evening)
    merge_trajectories(evening.plan, Trajectory.objects.get(buurt="Elders").pk, actor=LEADER)


def make_two_lines(evening: Evening) -> None:
    make_line(evening)
    fill_line(evening.line(), "meten")
    PlanLine.objects.create(trajectory_id=evening.plan, kind="actie", texts=["tellen"], rank=1)


def age_votes(evening: Evening) -> None:
    evening.do(*OPENED)
    cast_vote(Ballot(evening.someone().pk, 1, ANSWER))
    GroupSession.objects.update(acted_at=timezone.now() - timedelta(days=8))


def age_seat(evening: Evening) -> None:
    evening.do("start")
    old = timezone.now() - timedelta(days=31)
    Participant.objects.filter(pk=take_seat(evening.code, SEAT, INW).pk).update(seen_at=old, joined_at=old)


SEAT = UUID(int=7)

COMMAND_ROWS = {
    "start": give("start"),
    "open": give("open", "start"),
    "close": give("close", *OPENED),
    "continue": give("continue", *OPENED, "close"),
    "reveal": give("reveal", *OPENED, "close"),
    "split": give("split", *OPENED, "close", "reveal"),
    "decide": give("decide", *REVEALED),
    "next": give("next", *REVEALED, "decide"),
    "back": give("back", *REVEALED, "decide", "next"),
    "again": give("again", *REVEALED),
    "pause": give("pause", "start"),
    "resume": give("resume", "start", "pause"),
    "stop": give("stop", "start"),
    "reopen": give("reopen", "start", "stop"),
    "undo": give("undo", "start", "open"),
    "plan": give("plan", "start"),
    "invite": give("invite", "start"),
    "show": give("show", *REVEALED, card=f"answer/{ANSWER}"),
    "walk": give("walk", "start", "plan"),
    "shutdoor": give("shutdoor", "start"),
    "opendoor": give("opendoor", "start", "shutdoor"),
    "letin": give("letin", *OPENED),
    "chairs": give("chairs", "start", number=12),
    "takestock": Row(make_open_step, lambda e: e.do("takestock")),
    "check": Row(make_line_in_walk, lambda e: e.do("check")),
    "skip": Row(make_checked, lambda e: e.do("skip")),
    "gather": give("gather", "start", subject="actie"),
    "sort": Row(make_line_in_walk, lambda e: e.do("sort")),
    "adopt": Row(make_proposed, adopt_all),
    "conclude": Row(make_asked_step, lambda e: e.do("conclude", answer="failed", follow_up="We vragen het anders.")),
}
ROWS = {
    **{f"run_command {name}": row for name, row in COMMAND_ROWS.items()},
    "count_hands": Row(after(*OPENED), lambda e: count_hands(e.code, Count(1, {(INW, ANSWER): 4}), actor=LEADER)),
    "rename_session": Row(after("start"), lambda e: rename_session(e.code, "Een andere naam", actor=LEADER)),
    "set_wifi": Row(after(), lambda e: set_wifi(e.code, "Buurthuis", "gezellig-samen", actor=LEADER)),
    "add_plan_line": Row(
        after("start", "plan"), lambda e: add_plan_line(e.plan, "actie", {"text-0": "meten"}, actor=LEADER)
    ),
    "write_plan_line": Row(make_line, lambda e: fill_line(e.line(), "bij het zebrapad staan")),
    "pick_plan_text": Row(
        make_two_texts, lambda e: pick_plan_text(e.plan, e.line().pk, e.clash(), take=True, actor=LEADER)
    ),
    "move_plan_line": Row(make_two_lines, lambda e: move_plan_line(e.plan, e.line().pk, before=None, actor=LEADER)),
    "fold_plan_line": Row(make_two_lines, lambda e: fold_plan_line(e.plan, e.line().pk, is_earlier=True, actor=LEADER)),
    "note_plan_hand": Row(make_line, lambda e: note_plan_hand(e.plan, e.line().pk, "a", actor=LEADER)),
    "merge_trajectories": Row(
        make_other, lambda e: merge_trajectories(e.plan, Trajectory.objects.get(buurt="Elders").pk, actor=LEADER)
    ),
    "part_trajectories": Row(
        make_merged, lambda e: part_trajectories(Trajectory.objects.get(buurt="Elders").pk, actor=LEADER)
    ),
    "set_next_time": Row(
        after("start", "plan"), lambda e: set_next_time(e.plan, {"place": "De Merel"}, was={}, actor=LEADER)
    ),
    "forget_plan_steps": Row(
        make_written_line, lambda e: forget_plan_steps(e.plan, e.line().pk, seen=e.line().mark, actor=LEADER)
    ),
    "undo_plan_change": Row(
        make_written_line, lambda e: undo_plan_change(e.plan, e.line().pk, seen=e.line().mark, actor=LEADER)
    ),
    "strike_plan_line": Row(make_two_lines, lambda e: strike_plan_line(e.plan, e.line().pk, struck=True, actor=LEADER)),
    "keep_measurement": Row(make_counted, lambda e: count_cars(e, date(2026, 3, 4))),
    "keep_tale": Row(
        lambda e: make_sign(e, "vertellen"), lambda e: keep_tale(e.plan, e.line().pk, "Sam loopt nu.", actor=LEADER)
    ),
    "drop_evidence": Row(
        make_counted, lambda e: drop_evidence(e.plan, e.line().pk, Measurement.objects.get().pk, actor=LEADER)
    ),
    "share_plan": Row(after("start", "stop"), lambda e: share(e)),
    "withdraw_link": Row(
        lambda e: (e.do("start", "stop"), share(e)),
        lambda e: withdraw_link(e.plan, PlanLink.objects.get().pk, actor=LEADER),
    ),
    "take_seats": Row(after("start"), lambda e: take_seat(e.code, SEAT, PRO)),
    "cast_votes": Row(after(*OPENED), lambda e: cast_vote(Ballot(e.someone().pk, 1, ANSWER))),
    "keep_proposals": Row(make_gathered, lambda e: keep_proposals([Sent(e.someone(1).pk, 2, "een zebrapad")])),
    "settle_proposal": Row(make_gathered, settle_first),
    "take_proposal_back": Row(
        make_gathered, lambda e: take_proposal_back(e.someone(), Proposal.objects.first().handle)
    ),
    "keep_offers": Row(make_line_in_walk, lambda e: keep_offers([make_offer(e)])),
    "take_offers_back": Row(
        lambda e: (make_line_in_walk(e), keep_offers([make_offer(e)])), lambda e: take_offers_back("a" * 64)
    ),
    "forget_old_names": Row(make_old_name, lambda e: forget_old_names()),
    "mark_seen": Row(after("start"), lambda e: mark_seen([e.someone().pk])),
    "give_up_seat": Row(lambda e: (take_seat(e.code, SEAT, PRO), e.do("start")), lambda e: give_up_seat(e.someone(2))),
    "send_away_last": Row(
        lambda e: (take_seat(e.code, SEAT, PRO), e.do("start")),
        lambda e: send_away_last(e.code, 1, seen=e.read().version, actor=LEADER),
    ),
    "unlink_old_votes": Row(age_votes, lambda e: unlink_old_votes()),
    "delete_old_seats": Row(age_seat, lambda e: delete_old_seats()),
}
# These end what is shown, or begin what nobody looks at yet.
ELSEWHERE = {
    "open_session": "nobody is there yet",
    "import_plan": "nobody is there yet",
    "ask_reminder": "an address is on no screen",
    "claim_mail": "an address is on no screen",
    "delete_session": "tests/e2e/test_taken_away.py, test_rights.py: screens are told, and end",
    "restore_session": "no screen of a deleted meeting is left",
    "delete_whole": "no screen of a deleted meeting is left; those of an old practice are told as by delete_session",
    # Commands that need another tree than this one has at its start: the same writer, the same road.
    "run_command follow": "as next", "run_command return": "as next",
}  # fmt: skip


@asynccontextmanager
async def connect(evening: Evening) -> AsyncIterator[list[Socket]]:
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(open_socket(f"/m/{evening.code}/ws", phone.client))
            for phone in evening.phones
        ]
        for view in ("beamer", "console"):
            sockets.append(await stack.enter_async_context(open_socket(f"/ws/b/{evening.code}/{view}", evening.leader)))
        sockets.append(await stack.enter_async_context(open_socket(f"/ws/t/{evening.plan}/plan", evening.leader)))
        yield sockets


async def hear_all(sockets: list[Socket]) -> None:
    """Until nothing comes any more."""

    async def hear(socket: Socket) -> None:
        while not await socket.is_silent(QUIET_SECONDS):
            await socket.frame()

    await asyncio.gather(*(hear(socket) for socket in sockets))


@lru_cache(maxsize=32)  # what a screen holds and what a fresh page shows are mostly the same, and read once
def take_counts(html: str) -> tuple[str, str]:
    """What a screen shows without its counts, and the counts."""
    root, taken = parse_html(html), []

    def look(part: Element | str) -> None:
        if isinstance(part, str):
            return
        if ("data-live", "counts") in part.attributes:
            taken.append("".join(map(str, part.children)))
            part.children = []
        for child in part.children:
            look(child)

    look(root)
    return str(root), "".join(taken)


def hold(frames: list[dict[str, Any]]) -> tuple[str, str]:
    """What a screen shows that heard these frames, as `live.js` puts them in their place."""
    state, counts, revision = "", "", -1
    for frame in frames:
        if frame["type"] == "state" and frame["revision"] >= revision:
            state, counts, revision = frame["html"], "", frame["revision"]
        elif frame["type"] == "counts" and frame["revision"] == revision and 'data-live="counts"' in state:
            counts = frame["html"]
    shown, first_counts = take_counts(state)
    return shown, str(parse_html(counts)) if counts else first_counts


async def compare(evening: Evening, sockets: list[Socket]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What the screens hold and what fresh pages show: the same, now or soon, on a slow machine too."""
    end = time.monotonic() + MOST_SECONDS
    while True:
        await hear_all(sockets)
        fresh = [take_counts(page["html"]) for page in await sync_to_async(evening.fetch)()]
        held = [hold(socket.heard) for socket in sockets]
        if held == fresh or time.monotonic() > end:
            return held, fresh


# Every command is one writer, and its lost word comes back by one road: `make test-long` loses that of the others too.
OFTEN_LOST = ("start", "open", "close", "decide", "plan", "takestock", "check", "gather")
SELDOM_LOST = {f"run_command {command}" for command in COMMAND_ROWS if command not in OFTEN_LOST}
TOLD = [pytest.param(name, True, id=f"{name}-told") for name in ROWS]
LOST = [
    pytest.param(name, False, id=f"{name}-the word was lost", marks=[pytest.mark.slow] * (name in SELDOM_LOST))
    for name in ROWS
]


@pytest.mark.parametrize(("name", "is_told"), [*TOLD, *LOST])
async def test_after_every_writer_each_screen_holds_what_a_fresh_page_shows(
    session: GroupSession, alice: Any, name: str, is_told: bool
) -> None:
    evening = await sync_to_async(Evening)(session, alice)
    await sync_to_async(ROWS[name].before)(evening)
    try:
        async with connect(evening) as sockets:
            await hear_all(sockets)
            if not is_told:
                session_changed.disconnect(dispatch_uid="tell_processes")
            await sync_to_async(ROWS[name].act)(evening)
            session_changed.connect(tell_processes, dispatch_uid="tell_processes")
            if not is_told:
                switchboard.look()
            held, fresh = await compare(evening, sockets)
        for one, page in zip(held, fresh, strict=True):
            assert one == page
    finally:
        session_changed.connect(tell_processes, dispatch_uid="tell_processes")
        await let_go_of_the_database()


def find_writers() -> set[str]:
    """The public functions of `sessions/writing` that open a transaction of their own."""
    files = Path(sessions.writing.__file__).parent.glob("*.py")
    functions = [
        part for file in files for part in ast.parse(file.read_text()).body if isinstance(part, ast.FunctionDef)
    ]
    return {part.name for part in functions if part.name[0] != "_" and "with write():" in ast.unparse(part)}


def test_every_writer_and_every_command_has_a_row() -> None:
    writers = find_writers() - {"run_command"} | {f"run_command {name}" for name in COMMANDS}
    meeting_by_meeting = {"unlink_old_votes"}  # which writes within a function of its own
    assert {*ROWS, *ELSEWHERE} == writers | meeting_by_meeting
