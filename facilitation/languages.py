"""In which language somebody is spoken to. It is chosen here, and from here on told: nothing reads it from the air."""

from content.languages import BASE


def choose_language() -> str:
    """The language for a page or a socket. So far there is one; what somebody chose will be looked at here."""
    return BASE
