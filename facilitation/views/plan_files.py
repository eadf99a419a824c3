"""What leaves the building of a plan, as files."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from facilitation.languages import choose_language
from facilitation.views.gate import for_plan, reads
from sessions.exports.calendar import write_calendar
from sessions.exports.pdf import write_pdf
from sessions.exports.sheet import make_sheet
from sessions.models import Trajectory
from sessions.reading import count_last_people, read_plan_page


@reads
@for_plan
def export_pdf(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """The plan for the fridge. With `namen=0` no first name stands on it, also not of who ticked that."""
    sheet = make_sheet(
        read_plan_page(trajectory),
        people=count_last_people(trajectory),
        today=timezone.localdate(),
        language=choose_language(),
        names=_with_names(request),
    )
    return send_file(write_pdf(sheet), "application/pdf", f"inline; filename=plan-{trajectory.pk}.pdf")


@reads
@for_plan
def export_calendar(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """The days of the plan, for a calendar."""
    days = write_calendar(read_plan_page(trajectory), names=_with_names(request))
    return send_file(days, "text/calendar; charset=utf-8", f"attachment; filename=plan-{trajectory.pk}.ics")


def _with_names(request: HttpRequest) -> bool:
    return request.GET.get("namen") != "0"


def send_file(content: bytes, kind: str, disposition: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = disposition
    return response
