from django.urls import path

from facilitation.live.consumers import BeamerConsumer, ConsoleConsumer, PhoneConsumer

websocket_urlpatterns = [
    path("ws/m/<str:code>", PhoneConsumer.as_asgi()),
    path("ws/b/<str:code>/beamer", BeamerConsumer.as_asgi()),
    path("ws/b/<str:code>/console", ConsoleConsumer.as_asgi()),
]
