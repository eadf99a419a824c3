"""The log has a line for a visitor who sends nonsense, and everything for a fault of ours."""

import logging
import sys

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError
from redis.exceptions import ConnectionError as RedisConnectionError

from facilitation.server import logs
from facilitation.server.logs import Counted, OneLine

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


def test_while_the_database_is_away_there_is_one_counted_line_a_second(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(logs.time, "monotonic", lambda: clock[0])
    counted, said = Counted(), []
    for second in (10.0, 10.1, 10.5, 11.2):
        clock[0] = second
        try:
            raise OperationalError("could not connect\n\tIs the server running?")
        except OperationalError:
            record = logging.LogRecord("x", logging.ERROR, __file__, 1, "A frame.", (), sys.exc_info())
        if counted.filter(record):
            said.append(logging.Formatter("{message}", style="{").format(record))
    assert said == [
        "A frame. The database: could not connect",
        "A frame. The database: could not connect (and 2 more)",
    ]


def count(error: Exception, times: int, name: str) -> list[str]:
    """The lines of a log that meets this error so often at one moment."""
    counted, lines = Counted(), []
    for _ in range(times):
        try:
            raise error
        except type(error):
            record = logging.LogRecord(name, logging.ERROR, __file__, 1, "A frame.", (), sys.exc_info())
        if counted.filter(record):
            lines.append(logging.Formatter("{message}", style="{").format(record))
    return lines


@pytest.mark.parametrize("error", [RedisConnectionError("Error 111"), TimeoutError("Error 111")])
def test_while_the_channel_layer_is_away_there_is_one_line_too(error):
    assert count(error, 50, "facilitation.live.layer") == ["A frame. The channel layer: Error 111"]


@pytest.mark.parametrize("error", [ValueError("x"), IntegrityError("x"), ProgrammingError("x"), TypeError("x")])
def test_a_fault_of_ours_is_never_counted_away(error):
    lines = count(error, 3, "facilitation.live.room")
    assert [line.count("Traceback") for line in lines] == [1, 1, 1]


def test_what_carries_no_error_is_told():
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "A", (), None)
    assert [Counted().filter(record), Counted().filter(record)] == [True, True]
