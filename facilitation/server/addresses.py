"""The address in the QR of an installation at home: it follows the network, and the facilitator may choose another.

On a server it is the setting PUBLIC_URL.
"""

from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings

from facilitation.server.folder import write_whole
from facilitation.server.network import Interface, look
from sessions.rules.refusals import Reason, Refused


def can_choose() -> bool:
    """Whether the address is found here: at home, where nobody set it."""
    return settings.AT_HOME and not settings.PUBLIC_URL


def public_url() -> str:
    """The address that phones can reach, without a path. Empty when this machine has none."""
    return find_home_url(urlsplit(settings.SELF_URL).port or 80) if can_choose() else settings.PUBLIC_URL


def find_home_url(port: int) -> str:
    """The address by which phones in the hall reach this computer now, or an empty one."""
    here = current()
    return f"http://{here.address}:{port}" if here else ""


def current() -> Interface | None:
    """The way in that stands in the QR: the one that was chosen, as long as it is there, or else the likeliest."""
    found = look.list()
    chosen = read_choice()
    return next((interface for interface in found if interface.name == chosen), found[0] if found else None)


def choose(name: str) -> None:
    """From now on phones come in by this interface, whatever its address. Empty: by the likeliest. Raises Refused."""
    if name and name not in {interface.name for interface in look.list()}:
        raise Refused(Reason.UNKNOWN_NETWORK)
    try:
        write_whole(settings.DATA_DIR / "network", name.encode())
    except OSError as error:
        raise Refused(Reason.BUSY) from error


def read_choice() -> str:
    """The interface that was chosen last; empty when the likeliest is good."""
    with suppress(OSError, UnicodeDecodeError):
        return (settings.DATA_DIR / "network").read_text()
    return ""
