import os

from channels.auth import CookieMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.load.baseline.settings")

# Django must be set up before anything that imports models.
django_application = get_asgi_application()

from tests.load.baseline.consumers import VoteConsumer  # noqa: E402

sockets = [path("ws/m/<str:code>", VoteConsumer.as_asgi()), path("ws/b/<str:code>/beamer", VoteConsumer.as_asgi())]
application = ProtocolTypeRouter(
    {"http": django_application, "websocket": AllowedHostsOriginValidator(CookieMiddleware(URLRouter(sockets)))}
)
