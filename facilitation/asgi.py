import gc
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

from facilitation.live.routing import nowhere, websocket_urlpatterns
from facilitation.origins import OurOrigin
from facilitation.web import PageHandler

application = ProtocolTypeRouter(
    {"http": PageHandler(), "websocket": OurOrigin(URLRouter([*websocket_urlpatterns, nowhere]))}
)

# A full collection looks at every object of every connection: with thousands of phones a pause that all of them feel.
# What is loaded now stays for ever; of the rest `live.room` collects the old ones at a quiet moment.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 50, 1_000_000)
# While a thread renders a page, the loop has to wait this long for its turn; Python's own 5 ms are felt by a hall.
sys.setswitchinterval(0.001)
