"""The addresses of this computer, for phones on the same network. Sends nothing, and knows no Django."""

import ctypes
import errno
import ipaddress
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

LOOK_SECONDS = 1  # the addresses of a computer seldom change, and every request asks for them
HOST = re.compile(r"[\w-]+(\.[\w-]+)*")

KINDS = ("wifi", "wired", "other")  # the likeliest for phones first; `other` is a VPN, or a machine inside this one
IS_UP, IS_LOOPBACK, IS_POINT_TO_POINT = 0x1, 0x8, 0x10  # the same on Linux, macOS and BSD


class Interface(NamedTuple):
    """One way into this computer: the name that the system gives it, its kind, and its address."""

    name: str
    kind: str
    address: str


class _Address(ctypes.Structure):
    """`struct ifaddrs`, as far as we read it."""


_Address._fields_ = [
    ("next", ctypes.POINTER(_Address)),
    ("name", ctypes.c_char_p),
    ("flags", ctypes.c_uint),
    ("address", ctypes.c_void_p),
]


def list_interfaces() -> tuple[Interface, ...]:
    """Every address under which another machine may reach this one now, the likeliest for phones first."""
    default = find_default_address()
    try:
        found = set(_read_interfaces())
    except (OSError, AttributeError):  # a system that tells in another way
        found = {Interface("", "wired", default)} if default else set()
    return tuple(sorted(found, key=lambda interface: _rank(interface, default)))


def find_default_address() -> str | None:
    """The address by which this machine itself goes out, or None without a network. A VPN likes to be that."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends no packet: the system only picks the way out.
            probe.connect(("192.0.2.1", 9))
            address = probe.getsockname()[0]
        except OSError:
            return None
    return None if address.startswith(("127.", "0.")) else address


def tell_kind(name: str, flags: int = 0, *, known: Path = Path("/sys/class/net")) -> str:
    """What kind of network an interface belongs to, as far as its name and the system tell."""
    if flags & IS_POINT_TO_POINT:
        return "other"
    if any((known / name / part).exists() for part in ("wireless", "phy80211")):
        return "wifi"
    if sys.platform == "darwin":  # a laptop of Apple: its wifi is the first, what it shares itself is a bridge
        return "wifi" if re.fullmatch(r"en0|bridge1\d\d", name) else "wired" if name.startswith("en") else "other"
    if re.match(r"wl|wifi|ath\d|ra\d|ap\d", name):
        return "wifi"
    return "wired" if re.match(r"en|eth|usb", name) else "other"


def _read_interfaces() -> Iterator[Interface]:
    system = ctypes.CDLL(None, use_errno=True)
    first = ctypes.POINTER(_Address)()
    if system.getifaddrs(ctypes.byref(first)):
        raise OSError(ctypes.get_errno(), "getifaddrs")
    try:
        entry = first
        while entry:
            row = entry.contents
            if row.address and row.flags & IS_UP and not row.flags & IS_LOOPBACK:
                family, address = _read_socket_address(ctypes.string_at(row.address, 8))
                if family == socket.AF_INET:
                    name = row.name.decode(errors="replace")
                    yield Interface(name, tell_kind(name, row.flags), address)
            entry = row.next
    finally:
        system.freeifaddrs(first)


def _read_socket_address(raw: bytes) -> tuple[int, str]:
    # Linux: two bytes for the family. The others: one for the length, one for the family.
    family = int.from_bytes(raw[:2], sys.byteorder) if sys.platform == "linux" else raw[1]
    return family, socket.inet_ntoa(raw[4:8])


def _rank(interface: Interface, default: str | None) -> tuple[Any, ...]:
    address = ipaddress.ip_address(interface.address)
    # An address the machine gave itself, for nobody else did, comes last.
    return (
        address.is_link_local,
        KINDS.index(interface.kind),
        not address.is_private,
        interface.address != default,
        interface.name,
        address,
    )


class NetworkLook:
    """The newest look at the interfaces, for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: tuple[Interface, ...] = ()
        self._at = -float(LOOK_SECONDS)

    def list(self) -> tuple[Interface, ...]:
        with self._lock:
            if time.monotonic() - self._at >= LOOK_SECONDS:
                self._found, self._at = list_interfaces(), time.monotonic()
            return self._found

    def forget(self) -> None:
        """Look again at the next question."""
        self._at = -float(LOOK_SECONDS)


look = NetworkLook()


class OwnHosts(list[str]):
    """The names that this computer answers to, and at any moment the addresses it has at that moment. Nothing else.

    Another site can give a name of its own our address, and so read along (DNS rebinding). Therefore no name is let in
    because of where it points: only our own names, and addresses written out that are ours.
    """

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        yield from (interface.address for interface in look.list())


def list_names() -> list[str]:
    """Every name under which this machine itself may be asked for, without its addresses."""
    host = socket.gethostname().lower()
    own = (host, f"{host.split('.')[0]}.local")
    return [*dict.fromkeys(("localhost", "127.0.0.1", "[::1]", *filter(HOST.fullmatch, own)))]


def is_port_free(port: int) -> bool:
    """Whether we can listen there. Raises PermissionError when the system does not allow this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104  phones must be able to reach it
        except PermissionError:
            raise
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True
