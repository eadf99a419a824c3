"""The log has a line for a visitor who sends nonsense, and everything for a fault of ours."""

import logging
import sys

from facilitation.logs import OneLine

DAPHNES = 'Traceback (most recent call last):\n  File "x.py", line 1, in x\nUnicodeDecodeError: not ascii\n'


def tell(name: str, message: str) -> str:
    try:
        raise ValueError("what it was")
    except ValueError:
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, (), sys.exc_info())
    assert OneLine().filter(record)
    return logging.Formatter("{name}: {message}", style="{").format(record)


def test_a_host_that_is_not_ours_is_one_line():
    assert tell("django.security.DisallowedHost", "Invalid host") == "django.security.DisallowedHost: Invalid host"


def test_a_traceback_for_a_message_is_its_last_line():
    assert (
        tell("daphne.http_protocol", DAPHNES).splitlines()[0] == "daphne.http_protocol: UnicodeDecodeError: not ascii"
    )


def test_a_fault_of_ours_is_told_whole():
    assert "what it was" in tell("django.request", "Internal Server Error")
    assert "what it was" in tell("daphne.server", "Exception inside application")
