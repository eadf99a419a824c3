"""Thin: authorise, read the frame, hand over. The gate is `access`, the votes are `ballots`, the showing is `room`.

Plain ASGI: the consumers of Channels make two tasks and a visit to a thread of every frame.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qs

import msgspec

from facilitation import access
from facilitation.live import ballots
from facilitation.live.outlet import Outlet
from facilitation.live.protocol import Ack, Out, Ping, Pong, Show, Vote, Withdraw, read_frame, refuse, write_frame
from facilitation.live.render import Audience, compose_phone_state, make_view, render_state
from facilitation.live.room import Room, switchboard
from facilitation.threads import adopt_loop, ask_database
from sessions.machine import Refused
from sessions.models import GroupSession, Participant
from sessions.queries import read_walk
from sessions.votes import Ballot

logger = logging.getLogger(__name__)

# Close codes: a client that gets one of these asks for the page again instead of for the socket.
NO_SEAT = 4401
NOT_HERE = 4404
TRY_LATER = 4503  # the client keeps trying

# Nobody taps this fast. Whoever sends more is cut off, so that one phone cannot keep the hall waiting.
FRAMES_PER_SECOND = 20
MOST_FRAMES_AT_ONCE = 100


class Screen:
    """A screen that is shown the state of its session."""

    code: str
    audience: Audience
    participant: int | None = None  # of a phone, its key
    room: Room | None = None

    def __init__(self, scope: dict[str, Any], send: Any) -> None:
        self.scope = scope
        self.outlet = Outlet(send, self.catch_up)
        self._allowance, self._counted_at = float(MOST_FRAMES_AT_ONCE), time.monotonic()
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
            state = await ask_database(self.authorise)
            self.room = await switchboard.enter(self.code, self, state.version)
            await self.answer(self.greet(state))
            if state.version < self.room.version:
                await self.room.catch_up(self)  # something changed on the way in
        except Refused as refusal:
            await self.turn_away(refusal)
        except Exception:
            # The database is away, say. A screen that was never let in may not stay behind in the room.
            logger.exception("A screen could not be let in.")
            self.leave()
            await self.outlet.close(TRY_LATER)

    async def turn_away(self, refusal: Refused, frame_id: str = "") -> None:
        self.leave()
        await self.answer(refuse(refusal.code, frame_id))
        await self.outlet.close(NO_SEAT if refusal.code == "no-seat" else NOT_HERE)

    def leave(self) -> None:
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
        switchboard.note_speech()
        if self._may_speak():
            self._start(self.handle(self.room, text))
        else:
            self.leave()
            self._start(self.outlet.cut())

    async def handle(self, room: Room, text: str | None) -> None:
        frame_id = ""
        try:
            frame = read_frame(text)
            if isinstance(frame, Vote | Withdraw):
                frame_id = frame.id
                await self.vote(frame)
            elif isinstance(frame, Ping):
                await self.answer(Pong(version=room.version))
            else:
                await self.answer(await ask_database(self.compose_state))
        except Refused as refusal:
            if refusal.code == "no-seat":
                await self.turn_away(refusal, frame_id)
            else:
                await self.answer(refuse(refusal.code, frame_id))
        except GroupSession.DoesNotExist:
            await self.turn_away(Refused("unknown-code"), frame_id)
        except Exception:
            # The database is away, say. The client keeps its vote and tries again.
            logger.exception("A frame could not be handled.")
            await self.answer(refuse("busy", frame_id))

    async def answer(self, frame: Out) -> None:
        await self.outlet.send(write_frame(frame))

    async def vote(self, frame: Vote | Withdraw) -> None:
        raise Refused("bad-frame")  # only phones vote

    def greet(self, state: Show) -> Show:
        """What this screen needs of the state to begin with."""
        return state

    def authorise(self) -> Show:
        """Set `code` and `audience`, and give the state to begin with. Raises Refused. Runs in a thread."""
        raise NotImplementedError

    @property
    def asked_code(self) -> str:
        """The code as it stands in the address; `authorise` finds the session's own."""
        return self.scope["url_route"]["kwargs"]["code"]

    def compose_state(self) -> Show:
        return render_state(self.audience, make_view(read_walk(self.code), self.audience))

    def _start(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _may_speak(self) -> bool:
        now = time.monotonic()
        more = (now - self._counted_at) * FRAMES_PER_SECOND
        self._allowance, self._counted_at = min(MOST_FRAMES_AT_ONCE, self._allowance + more) - 1, now
        return self._allowance >= 0


class PhoneScreen(Screen):
    """A participant's phone. It is shown the state of its role, and its own vote beside it."""

    def authorise(self) -> Show:
        code = access.read_code(self.asked_code)
        person = access.find_participant(self.scope["cookies"], code)
        if person is None:
            access.find_session(code)  # an unknown code says so
            raise Refused("no-seat")
        self.code, self.participant = code, person.pk
        return self.compose_for(person)

    def compose_state(self) -> Show:
        # Asked afresh: the role may have changed in another tab since this socket opened.
        person = Participant.objects.select_related("session").filter(pk=self.participant or 0).first()
        if person is None:
            raise Refused("no-seat")
        return self.compose_for(person)

    def greet(self, state: Show) -> Show:
        # The page brought the same words already. A hall that comes back after a hitch has one weak connection.
        shown = parse_qs(self.scope["query_string"].decode("latin1"), keep_blank_values=True)
        is_shown = shown == {"role": [self.audience.role], "version": [str(state.version)]}
        return msgspec.structs.replace(state, html=None) if is_shown else state

    def compose_for(self, person: Participant) -> Show:
        self.audience = Audience("phone", person.role)
        return compose_phone_state(person)

    async def vote(self, frame: Vote | Withdraw) -> None:
        assert self.participant is not None  # authorised
        answer = frame.answer if isinstance(frame, Vote) else None
        if answer == "":
            raise Refused("no-answer")
        await ballots.cast(Ballot(self.participant, frame.round, answer or "", frame.role))
        await self.answer(Ack(id=frame.id, round=frame.round, answer=answer))


class LedScreen(Screen):
    """A screen of the facilitator's team."""

    view: str

    def authorise(self) -> Show:
        session = access.find_led_session(self.scope["user"], self.asked_code)
        self.code, self.audience = session.code, Audience(self.view)
        return self.compose_state()


class BeamerScreen(LedScreen):
    view = "beamer"


class ConsoleScreen(LedScreen):
    view = "console"
