import os
import sys

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facilitation.settings")
try:
    django.setup(set_prefix=False)  # before anything that imports models
except ImproperlyConfigured as error:
    sys.exit(f"{error}")  # one clear line: the settings say what is wrong

from facilitation.live.house import house
from facilitation.live.routing import nowhere, websocket_urlpatterns
from facilitation.logins import is_acquaintance
from facilitation.server.memory import arrange_memory
from facilitation.server.origins import OurOrigin
from facilitation.server.web import PageHandler

application = ProtocolTypeRouter(
    {
        "http": PageHandler(house.open, is_acquaintance),
        "websocket": OurOrigin(URLRouter([*websocket_urlpatterns, nowhere])),
    }
)

arrange_memory()
# While a thread renders a page, the loop has to wait this long for its turn; Python's own 5 ms are felt by a hall.
sys.setswitchinterval(0.001)
