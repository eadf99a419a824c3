"""As the Channels tutorial has it: everybody of a room in one group, and what happens is sent to the group."""

import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from tests.load.baseline.models import Session
from tests.load.filler import write_counts, write_state


class VoteConsumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        self.code = self.scope["url_route"]["kwargs"]["code"]
        self.seat = self.scope["cookies"].get("seat", "")
        self.group = f"session_{self.code}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        session = await database_sync_to_async(find_session)(self.code)
        await self.send(text_data=json.dumps(write_state(session.version, session.round)))

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        vote = json.loads(text_data or "{}")
        counts = await database_sync_to_async(self.save_vote)(vote)
        await self.send(text_data=json.dumps({**vote, "type": "ack"}))
        await self.channel_layer.group_send(self.group, {"type": "show", "frame": counts})

    async def show(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(event["frame"]))

    def save_vote(self, vote: dict[str, Any]) -> dict[str, object]:
        session = find_session(self.code)
        session.votes.create(round=vote["round"], seat=self.seat, answer=vote["answer"])
        voted = session.votes.filter(round=vote["round"]).count()
        return write_counts(session.version, voted, voted)


def find_session(code: str) -> Session:
    return Session.objects.get_or_create(code=code)[0]
