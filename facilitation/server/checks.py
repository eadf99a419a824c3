"""System checks: a wrong combination of settings is found at the start, with a hint."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register(deploy=True)
def check_channel_layer(**kwargs: Any) -> list[CheckMessage]:
    """Several processes on one PostgreSQL need a channel layer that reaches all of them."""
    is_shared = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    in_memory = settings.CHANNEL_LAYERS["default"]["BACKEND"].endswith("InMemoryChannelLayer")
    if is_shared and in_memory:
        return [
            Error(
                "PostgreSQL is chosen, but the channel layer only reaches this one process.",
                hint="Set REDIS_URL, for example redis://redis:6379/0.",
                id="buurtboom.E001",
            )
        ]
    return []


@register(deploy=True)
def check_public_url(**kwargs: Any) -> list[CheckMessage]:
    """Without an address for phones there is no QR."""
    if not settings.PUBLIC_URL:
        return [
            Error(
                "PUBLIC_URL is empty: the beamer has no address for the QR.",
                hint="Set PUBLIC_URL to the address that phones can reach, for example https://buurtboom.example.",
                id="buurtboom.E002",
            )
        ]
    return []
