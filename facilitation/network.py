"""The addresses of this machine, for phones on the same wifi."""

import errno
import socket


def find_lan_address() -> str | None:
    """The address other machines on this network can reach, or None without a network. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends no packet: the system only picks the way out.
            probe.connect(("192.0.2.1", 9))
            address = probe.getsockname()[0]
        except OSError:
            return None
    return None if address.startswith(("127.", "0.")) else address


def list_names(lan: str | None) -> list[str]:
    """Every name under which this machine may be asked for: its own, and what phones use. Nothing else."""
    host = socket.gethostname().lower()
    return [*dict.fromkeys(filter(None, ("localhost", "127.0.0.1", "[::1]", lan, host, f"{host.split('.')[0]}.local")))]


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
