import logging
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from facilitation.live.layer import send_to_layer
from facilitation.server.store import try_disk
from facilitation.server.threads import run_in_loop
from facilitation.views.gate import reads

logger = logging.getLogger(__name__)


@reads
def show_health(request: HttpRequest) -> HttpResponse:
    """`{"status": "ok"}` when database, its disk and channel layer answer; 503 with what is silent when not."""
    questions = (("database", _ask_database), ("disk", try_disk), ("channel layer", _ask_layer))
    silent = [name for name, ask in questions if not _answers(ask)]
    if silent:
        return JsonResponse({"status": "fault", "silent": silent}, status=503)
    return JsonResponse({"status": "ok"})


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:
        logger.warning("A health check failed.", exc_info=True)
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_layer() -> None:
    run_in_loop(send_to_layer, "health", {"type": "health"})
