"""What the log says of a visitor who sends nonsense."""

import logging


class OneLine(logging.Filter):
    """Tells in one line what cannot be read. Where that showed in our code, or in daphne's, says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = None
        elif record.name in ("daphne.http_protocol", "daphne.ws_protocol"):
            # Daphne's message is the whole traceback; the last line of it is what was wrong.
            record.msg, record.args = record.getMessage().rstrip().rpartition("\n")[2], ()
        return True
