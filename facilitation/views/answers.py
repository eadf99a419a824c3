"""How every view answers a script and a plain form alike."""

from django.http import HttpRequest, HttpResponse

from facilitation.live.protocol import Out, write_frame
from sessions.rules.refusals import Reason, Refused

# What went wrong, as HTTP says it.
STATUS = {
    Reason.UNKNOWN_CODE: 404,
    Reason.DELETED: 404,
    Reason.UNKNOWN_SESSION: 404,
    Reason.UNKNOWN_PLAN: 404,
    Reason.RESTORABLE: 404,
    Reason.LOGGED_OUT: 403,
    Reason.NO_SEAT: 403,
    Reason.NO_COOKIE: 403,
    Reason.COOKIES_OFF: 403,
    Reason.DOOR_SHUT: 403,
    Reason.TOO_MANY_CODES: 429,
    Reason.LATE: 409,
    Reason.HANDS_LATE: 409,
    Reason.BUSY: 503,
}


def wants_json(request: HttpRequest) -> bool:
    """A script asks; a form without script does not."""
    return "application/json" in request.headers.get("Accept", "")


def answer_frame(frame: Out, status: int = 200) -> HttpResponse:
    """The same frame that a websocket would carry."""
    return HttpResponse(write_frame(frame), content_type="application/json", status=status)


def status_of(refusal: Refused) -> int:
    return STATUS.get(refusal.code, 422)


def answer_state(request: HttpRequest, body: str, tag: str) -> HttpResponse:
    """A state for somebody who polls: nothing at all when it is the one they have."""
    etag = f'"{tag}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response
