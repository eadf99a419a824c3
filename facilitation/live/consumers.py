"""Thin: authorise, read the frame, hand over. The gate is `access`, the votes are `ballots`, the showing is `room`."""

import logging
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from facilitation import access
from facilitation.live.ballots import find_box
from facilitation.live.protocol import Ack, Own, Ping, Pong, Vote, read_frame, refuse, write_frame
from facilitation.live.render import Audience, make_view, render_state
from facilitation.live.room import Room, switchboard
from sessions.commands import Ballot
from sessions.machine import Refused
from sessions.models import GroupSession, Participant
from sessions.queries import load_walk, read_own_vote

logger = logging.getLogger(__name__)

# Close codes: a client that gets one of these asks for the page again instead of for the socket.
NO_SEAT = 4401
NOT_HERE = 4404
TRY_LATER = 1013  # the standard's own "try again later": the client keeps trying


class ScreenConsumer(AsyncWebsocketConsumer):
    """A screen that is shown the state of its session."""

    code: str
    channel_layer_alias = "none"  # rooms hear the layer once per process; a socket has nothing to ask of it
    audience: Audience
    participant: int | None = None
    session_id: int
    room: Room | None = None

    async def connect(self) -> None:
        await self.accept()
        try:
            await database_sync_to_async(self.authorise)()
            self.room = await switchboard.enter(self.code, self)
            await self.show_state()
        except Refused as refusal:
            self.leave()
            await self.send_text(write_frame(refuse(refusal.code)))
            await self.close(NO_SEAT if refusal.code == "no-seat" else NOT_HERE)
        except Exception:
            # The database is away, say. A screen that was never let in may not stay behind in the room.
            logger.exception("A screen could not be let in.")
            self.leave()
            await self.close(TRY_LATER)

    async def __call__(self, *arguments: Any) -> None:
        try:
            await super().__call__(*arguments)
        finally:
            # Also when daphne gave up on a handler that waited too long: nobody may stay behind as a ghost.
            self.leave()

    def leave(self) -> None:
        if self.room:
            switchboard.leave(self.code, self)
            self.room = None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        frame_id = ""
        try:
            frame = read_frame(text_data)
            if self.room is None:
                return
            if isinstance(frame, Vote):
                frame_id = frame.id
                await self.vote(frame)
            elif isinstance(frame, Ping):
                await self.send_text(write_frame(Pong(version=self.room.version)))
            else:
                await self.show_state()
        except Refused as refusal:
            await self.send_text(write_frame(refuse(refusal.code, frame_id)))
        except GroupSession.DoesNotExist:
            await self.send_text(write_frame(refuse("unknown-code", frame_id)))
            await self.close(NOT_HERE)
        except Exception:
            # The database is away, say. The client keeps its vote and tries again.
            logger.exception("A frame could not be handled.")
            await self.send_text(write_frame(refuse("busy", frame_id)))

    async def send_text(self, text: str) -> None:
        await self.send(text_data=text)

    async def show_state(self) -> None:
        await self.send_text(await database_sync_to_async(self.compose_state)())

    async def vote(self, frame: Vote) -> None:
        raise Refused("bad-frame")  # only phones vote

    def authorise(self) -> None:
        """Set `code`, `session_id` and `audience`, or raise Refused. Runs in the thread of the database."""
        raise NotImplementedError

    @property
    def asked_code(self) -> str:
        """The code as it stands in the address; `authorise` finds the session's own."""
        return self.scope["url_route"]["kwargs"]["code"]

    def compose_state(self) -> str:
        walk = load_walk(self.code)
        return write_frame(render_state(self.audience, make_view(walk, self.audience)))


class PhoneConsumer(ScreenConsumer):
    """A participant's phone. It is shown the state of its role, and its own vote beside it."""

    def authorise(self) -> None:
        session = access.find_session(self.asked_code)
        person = access.find_participant(self.scope["cookies"], session.code)
        if person is None:
            raise Refused("no-seat")
        self.code, self.session_id, self.participant = session.code, session.pk, person.pk
        self.audience = Audience("phone", person.role)

    def compose_state(self) -> str:
        # Asked afresh: the role may have changed in another tab since this socket opened.
        person = Participant.objects.filter(pk=self.participant).first() if self.participant else None
        if person is None:
            raise Refused("no-seat")
        self.audience = Audience("phone", person.role)
        walk = load_walk(self.code)
        view = make_view(walk, self.audience)
        round_ = view.stage.round
        own = Own(round_, read_own_vote(person, round_)) if round_ else None
        return write_frame(render_state(self.audience, view, own=own))

    async def vote(self, frame: Vote) -> None:
        assert self.participant is not None  # authorised
        await find_box(self.session_id).cast(Ballot(self.participant, frame.round, frame.answer))
        await self.send_text(write_frame(Ack(id=frame.id, round=frame.round, answer=frame.answer)))


class LedConsumer(ScreenConsumer):
    """A screen of the facilitator's team."""

    view: str

    def authorise(self) -> None:
        session = access.find_led_session(self.scope["user"], self.asked_code)
        self.code, self.session_id = session.code, session.pk
        self.audience = Audience(self.view)


class BeamerConsumer(LedConsumer):
    view = "beamer"


class ConsoleConsumer(LedConsumer):
    view = "console"
