"""Thin: authorise, read the frame, hand over. The gate is `access`, the votes are `ballots`, the showing is `room`.

Plain ASGI: the consumers of Channels make two tasks and a visit to a thread of every frame.
"""

import asyncio
import logging
from collections.abc import Coroutine
from importlib import import_module
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import msgspec
from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import ObjectDoesNotExist

from facilitation import access
from facilitation.languages import choose_language
from facilitation.live import ballots
from facilitation.live.manners import Allowance, manners
from facilitation.live.outlet import Outlet
from facilitation.live.plan_page import draw_plan, render_plan
from facilitation.live.protocol import (
    Ack,
    CastVote,
    Out,
    Ping,
    Pong,
    StateFrame,
    Withdraw,
    Writing,
    read_frame,
    refuse,
    write_frame,
)
from facilitation.live.render import (
    Audience,
    add_own_vote,
    address_phone,
    draw_all,
    find_phone_screen,
    make_view,
    mark_view,
    render_state,
)
from facilitation.live.room import Draw, Room
from facilitation.live.switchboard import switchboard
from facilitation.server.threads import adopt_loop, ask_database
from sessions.models import GroupSession, Participant, Trajectory
from sessions.reading import read_plan_page, read_session
from sessions.rules.asking import Ballot
from sessions.rules.refusals import Reason, Refused
from sessions.signals import name_plan
from sessions.writing.plan import note_plan_hand

logger = logging.getLogger(__name__)

# Close codes: a client that gets one of these asks for the page again instead of for the socket.
NO_SEAT = 4401
NOT_HERE = 4404
# After these refusals a screen has nothing left to show.
FAREWELLS = {
    Reason.NO_SEAT: NO_SEAT,
    Reason.LOGGED_OUT: NO_SEAT,
    Reason.UNKNOWN_CODE: NOT_HERE,
    Reason.UNKNOWN_SESSION: NOT_HERE,
    Reason.UNKNOWN_PLAN: NOT_HERE,
    Reason.DELETED: NOT_HERE,
    Reason.RESTORABLE: NOT_HERE,
}
TRY_LATER = 4503  # the client keeps trying
TRIES = 3  # to answer with what is not older than what the room shows
CROWDED = 4408  # newer windows of this phone have its sockets; the client waits until somebody looks at this one


class Composed(NamedTuple):
    """A state for one screen, and the mark of that picture."""

    state: StateFrame
    mark: str


class Screen:
    """A screen that is shown the state of its session."""

    code: str
    audience: Audience
    shown: str | None = None  # the mark of the picture that it shows; None until it was greeted
    participant: int | None = None  # of a phone, its key
    gone = Reason.UNKNOWN_SESSION  # what it hears when its session is not there any more
    room: Room | None = None
    draw_room: Draw = staticmethod(draw_all)

    def __init__(self, scope: dict[str, Any], send: Any) -> None:
        self.scope = scope
        self.language = choose_language()
        self.outlet = Outlet(send, self.catch_up)
        self._allowance = Allowance()
        self._is_composing = self._asked_again = self._is_turned_away = False
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def serve(cls, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """The ASGI application: one screen from its handshake to its end."""
        adopt_loop()
        screen = cls(scope, send)
        await receive()  # websocket.connect
        await screen.outlet.accept()
        try:
            await screen.come_in()
            while (event := await receive())["type"] == "websocket.receive":
                screen.hear(event.get("text"))
        finally:
            # Also when daphne gave up on us: nobody may stay behind as a ghost.
            screen.leave()

    async def come_in(self) -> None:
        try:
            state, mark = await ask_database(self.authorise)
            if self.participant is not None:
                # Many sockets of one phone may not say more than one.
                self._allowance, oldest = manners.come_in(self.participant, self)
                if oldest:
                    oldest.leave()
                    self._start(oldest.outlet.close(CROWDED))
            self.room = await switchboard.enter(self.code, self, state.revision)
            await self.answer(self.greet(state))
            self.shown = mark  # from now on the room sends it what is new
            if self.room.is_ahead_of(self):
                await self.room.catch_up(self)  # something changed on the way in
            elif self.room:
                self.room.refresh("counts")  # or did so before there was a room to hear it
        except Refused as refusal:
            await self.turn_away(refusal)
        except Exception:
            # The database is away, say. A screen that was never let in may not stay behind in the room.
            logger.exception("A screen could not be let in.")
            self.leave()
            await self.outlet.close(TRY_LATER)

    def send_off(self, refusal: Refused) -> None:
        """Turn this screen away from its room. With the last one the room ends, which may not cut off what it says."""
        self.leave()
        self._start(self.turn_away(refusal))

    async def turn_away(self, refusal: Refused, frame_id: str = "") -> None:
        if self._is_turned_away:
            return
        self._is_turned_away = True
        self.leave()
        await self.answer(refuse(refusal.code, frame_id))
        await self.outlet.close(FAREWELLS.get(refusal.code, NOT_HERE))

    def leave(self) -> None:
        if self.participant is not None:
            manners.leave(self.participant, self)
        if self.room:
            switchboard.leave(self.code, self)
            self.room = None

    def catch_up(self) -> None:
        """The socket was full and missed a state."""
        if self.room:
            self._start(self.room.catch_up(self))

    def hear(self, text: str | None) -> None:
        """Take in a frame. It is handled beside the reading, so that a flood is noticed while it comes in."""
        if self.room is None:
            return  # turned away, and still talking
        # Whoever sends too much is cut off, so that one phone cannot keep the hall waiting.
        if self._allowance.take():
            self._start(self.handle(self.room, text))
        else:
            self.leave()
            self._start(self.outlet.cut())

    async def handle(self, room: Room, text: str | None) -> None:
        frame_id = ""
        try:
            frame = read_frame(text)
            if isinstance(frame, CastVote | Withdraw):
                frame_id = frame.id
                await self.vote(frame)
            elif isinstance(frame, Writing):
                await self.note_hand(frame)
            elif isinstance(frame, Ping):
                await self.answer(Pong(revision=room.revision_for(self.audience)))
            else:
                await self.show_state()
        except Refused as refusal:
            if refusal.code in FAREWELLS:
                await self.turn_away(refusal, frame_id)
            else:
                await self.answer(refuse(refusal.code, frame_id))
        except ObjectDoesNotExist:
            await self.turn_away(Refused(self.gone), frame_id)
        except Exception:
            # The database is away, say. The client keeps its vote and tries again.
            logger.exception("A frame could not be handled.")
            await self.answer(refuse(Reason.BUSY, frame_id))

    async def show_state(self) -> None:
        """Answer with the state as it is now. One at a time: who asks again meanwhile gets one more."""
        self._asked_again = True
        if self._is_composing:
            return
        self._is_composing = True
        try:
            while self._asked_again and self.room:
                self._asked_again = False
                for _ in range(TRIES):
                    drawings = self.room.drawings
                    state, mark = await ask_database(self.compose_state)
                    if self.room is None or self.room.drawings == drawings:
                        break  # or else the room may have shown newer counts meanwhile
                self.shown = mark
                await self.answer(state)
                if self.room and self.room.is_ahead_of(self):
                    await self.room.catch_up(self)
        finally:
            self._is_composing = False

    async def answer(self, frame: Out) -> None:
        await self.outlet.send(write_frame(frame))

    async def vote(self, frame: CastVote | Withdraw) -> None:
        raise Refused(Reason.BAD_FRAME)  # only phones vote

    async def note_hand(self, frame: Writing) -> None:
        raise Refused(Reason.BAD_FRAME)  # only the plan is written in

    def greet(self, state: StateFrame) -> StateFrame:
        """What this screen needs of the state to begin with."""
        return state

    def check_right(self) -> None:
        """A phone that was sent away is found by its seat."""

    def authorise(self) -> Composed:
        """Set `code` and `audience`, and give the state to begin with. Raises Refused. Runs in a thread."""
        raise NotImplementedError

    @property
    def asked_code(self) -> str:
        """The code as it stands in the address; `authorise` finds the session's own."""
        return self.scope["url_route"]["kwargs"]["code"]

    def compose_state(self) -> Composed:
        reading = read_session(self.code, self.language)
        state = render_state(self.audience, make_view(reading, self.audience))
        return Composed(state, mark_view(reading, self.audience))

    def _start(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class PhoneScreen(Screen):
    """A participant's phone. It is shown the state of its role, and its own vote beside it."""

    mark: str  # of the view, as the page tells it
    gone = Reason.DELETED

    def authorise(self) -> Composed:
        session, person = access.find_visitor(self.scope["cookies"], self.asked_code)
        if person is None:
            raise Refused(Reason.NO_SEAT)
        self.code, self.participant = session.code, person.pk
        return self.compose_for(person)

    def compose_state(self) -> Composed:
        # Asked afresh: the role may have changed in another tab since this socket opened.
        seated = Participant.objects.select_related("session").filter(session__deleted_at=None)
        person = seated.filter(pk=self.participant or 0).first()
        if person is None:
            return self.authorise()  # says why
        return self.compose_for(person)

    def greet(self, state: StateFrame) -> StateFrame:
        # The page brought the same words already. A hall that comes back after a hitch has one weak connection.
        shown = parse_qs(self.scope["query_string"].decode("latin1"), keep_blank_values=True)
        is_shown = shown == {"role": [self.audience.role], "mark": [self.mark], "revision": [str(state.revision)]}
        return msgspec.structs.replace(state, html=None) if is_shown else state

    def compose_for(self, person: Participant) -> Composed:
        self.audience = address_phone(person, self.language)
        screen = find_phone_screen(person, self.language)
        self.mark = screen.view.mark
        return Composed(add_own_vote(screen, person), screen.mark)

    async def vote(self, frame: CastVote | Withdraw) -> None:
        assert self.participant is not None  # authorised
        switchboard.note_vote()
        answer, more = (frame.answer, frame.more) if isinstance(frame, CastVote) else (None, ())
        if answer == "":
            raise Refused(Reason.NO_ANSWER)
        await ballots.cast(Ballot(self.participant, frame.round, answer or "", frame.role, more=more))
        await self.answer(Ack(id=frame.id, round=frame.round, answer=answer, more=more))


class LedScreen(Screen):
    """A screen of the facilitator's team."""

    view: str
    _held: object = None  # all that the right hangs on, as it was when it was looked at in full

    def authorise(self) -> Composed:
        session = self._find_session(self._find_user(), self.asked_code)
        self.code, self.audience = session.code, Audience(self.view, self.language)
        return super().compose_state()

    def compose_state(self) -> Composed:
        self.check_right()  # afresh: who logged out meanwhile sees nothing more
        return super().compose_state()

    def check_right(self) -> None:
        """Whether this screen may still be here. Raises Refused. Runs in a thread.

        Every new state asks this, so where nothing changed since the last time it is one small statement.
        """
        held = access.read_right(self._login, self.code)
        if held is not None and held == self._held:
            return
        user = self._find_user()
        if not user.is_authenticated:
            raise Refused(Reason.LOGGED_OUT)
        self._find_session(user, self.code)
        self._held = held

    def _find_session(self, user: access.User, code: str) -> GroupSession:
        return access.find_team_session(access.identify(user), code, access.RIGHTS[f"{self.view}-socket"])

    @property
    def _login(self) -> str | None:
        return self.scope["session"].session_key

    def _find_user(self) -> access.User:
        """Whose login this is now. What the handshake brought may be hours old."""
        session = import_module(settings.SESSION_ENGINE).SessionStore(self._login)
        return get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]


class PlanScreen(LedScreen):
    """The plan of a trajectory on a device of its facilitators."""

    view = "plan"
    gone = Reason.UNKNOWN_PLAN
    draw_room: Draw = staticmethod(draw_plan)
    _hand: str = ""  # the name of the page, once somebody wrote there

    def __init__(self, scope: dict[str, Any], send: Any) -> None:
        super().__init__(scope, send)
        self._in_order = asyncio.Lock()  # two threads may overtake each other

    def authorise(self) -> Composed:
        trajectory = self._find_trajectory()
        self.code, self.audience = name_plan(trajectory.pk), Audience(self.view, self.language)
        return self._show(trajectory)

    def compose_state(self) -> Composed:
        return self._show(self._find_trajectory())

    def check_right(self) -> None:
        self._find_trajectory()

    async def note_hand(self, frame: Writing) -> None:
        self._hand = frame.page
        await self._tell_hand(frame.line)

    def leave(self) -> None:
        if self.room and self._hand:
            self._start(self._tell_hand(None))  # who goes away writes no more
        super().leave()

    async def _tell_hand(self, line: int | None) -> None:
        async with self._in_order:
            await ask_database(self._write_hand, line)

    def _write_hand(self, line: int | None) -> None:
        actor = access.identify(self._find_user())
        note_plan_hand(self._key, line, self._hand, actor=actor)

    def _show(self, trajectory: Trajectory) -> Composed:
        page = read_plan_page(trajectory)
        return Composed(render_plan(page, self.language), page.mark)

    def _find_trajectory(self) -> Trajectory:
        user = self._find_user()
        if not user.is_authenticated:
            raise Refused(Reason.LOGGED_OUT)
        return access.find_trajectory(access.identify(user), self._key, access.RIGHTS["plan-socket"])

    @property
    def _key(self) -> int:
        return self.scope["url_route"]["kwargs"]["trajectory"]


class BeamerScreen(LedScreen):
    view = "beamer"


class ConsoleScreen(LedScreen):
    view = "console"
