from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.sessions import CookieMiddleware
from django.urls import path, re_path

from facilitation.live.screens import BeamerScreen, ConsoleScreen, PhoneScreen, PlanScreen


def for_account(screen: Any) -> Any:
    """The screen of somebody who logged in. It speaks to the socket itself, not through what keeps the login."""

    async def serve(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def serve_user(scope: dict[str, Any], receive: Any, _: Any) -> None:
            await screen(scope, receive, send)

        await AuthMiddlewareStack(serve_user)(scope, receive, send)

    return serve


# A phone has no account, so nobody asks for one: only the team's screens do. Its socket lives under its page, for the
# cookie of its seat travels no further.
websocket_urlpatterns = [
    path("m/<str:code>/ws", CookieMiddleware(PhoneScreen.serve), name="phone-socket"),
    path("ws/b/<str:code>/beamer", for_account(BeamerScreen.serve), name="beamer-socket"),
    path("ws/b/<str:code>/console", for_account(ConsoleScreen.serve), name="console-socket"),
    path("ws/t/<int:trajectory>/plan", for_account(PlanScreen.serve), name="plan-socket"),
]


async def turn_away(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """No screen lives here. Channels would make that a fault of ours, and a traceback of every try."""
    await receive()
    await send({"type": "websocket.close"})


nowhere = re_path("", turn_away)  # type: ignore[arg-type]  # an application, as Channels wants it
