from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.sessions import CookieMiddleware
from django.urls import path, re_path

from facilitation.live.consumers import BeamerScreen, ConsoleScreen, PhoneScreen

# A phone has no account, so nobody asks for one: only the team's screens do.
websocket_urlpatterns = [
    path("ws/m/<str:code>", CookieMiddleware(PhoneScreen.serve)),
    path("ws/b/<str:code>/beamer", AuthMiddlewareStack(BeamerScreen.serve)),
    path("ws/b/<str:code>/console", AuthMiddlewareStack(ConsoleScreen.serve)),
]


async def turn_away(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """No screen lives here. Channels would make that a fault of ours, and a traceback of every try."""
    await receive()
    await send({"type": "websocket.close"})


nowhere = re_path("", turn_away)  # type: ignore[arg-type]  # an application, as Channels wants it
