from channels.auth import AuthMiddlewareStack
from channels.sessions import CookieMiddleware
from django.urls import path

from facilitation.live.consumers import BeamerScreen, ConsoleScreen, PhoneScreen

# A phone has no account, so nobody asks for one: only the team's screens do.
websocket_urlpatterns = [
    path("ws/m/<str:code>", CookieMiddleware(PhoneScreen.serve)),
    path("ws/b/<str:code>/beamer", AuthMiddlewareStack(BeamerScreen.serve)),
    path("ws/b/<str:code>/console", AuthMiddlewareStack(ConsoleScreen.serve)),
]
