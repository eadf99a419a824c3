"""What leaves the building of a plan, as files."""

from django.http import HttpRequest, HttpResponse

from facilitation.access import find_way_to_plan
from facilitation.languages import choose_language
from facilitation.views.errors import show_refusal
from facilitation.views.gate import for_plan, reads
from sessions.exports.formats import FORMATS, prepare_plan
from sessions.models import Trajectory
from sessions.rules.refusals import Reason, Refused


@reads
@for_plan
def export_plan(request: HttpRequest, trajectory: Trajectory, kind: str) -> HttpResponse:
    """The plan in one of the `FORMATS`. With `namen=0` no first name stands in it, also not of who ticked that.

    With `besluiten=1` a buurtagenda tells what the group decided, and why.
    """
    if kind not in FORMATS:
        return show_refusal(request, Refused(Reason.UNKNOWN_PLAN))
    names = request.GET.get("namen") != "0"
    way, decisions = find_way_to_plan(trajectory, names=names), request.GET.get("besluiten") == "1"
    plan = prepare_plan(trajectory, language=choose_language(), names=names, way=way, decisions=decisions)
    made = FORMATS[kind]
    how = "inline" if made.opens else "attachment"
    name = f"{kind}-{trajectory.pk}.{made.ending}" if made.ending else f"plan-{trajectory.pk}.{kind}"
    return send_file(made.write(plan), made.content_type, f"{how}; filename={name}")


def send_file(content: bytes, kind: str, disposition: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = disposition
    return response
