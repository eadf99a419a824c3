"""Sharing a plan: the facilitator first sees it as everybody will, and makes a link or withdraws one."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from facilitation.access import find_way_to_plan, identify, share_url
from facilitation.languages import choose_language
from facilitation.messages import explain
from facilitation.server.addresses import can_choose
from facilitation.views.answers import status_of
from facilitation.views.gate import for_plan, takes_a_form, writes
from sessions.exports.formats import PlanToWrite, freeze_plan, prepare_plan
from sessions.models import Trajectory
from sessions.reading import list_links
from sessions.rules.refusals import Refused
from sessions.writing.links import share_plan, withdraw_link

# In the order in which people open them.
FILES = {
    "pdf": gettext_lazy("PDF"),
    "docx": gettext_lazy("Word"),
    "xlsx": gettext_lazy("Excel"),
    "ics": gettext_lazy("Agenda"),
    "txt": gettext_lazy("Tekst"),
    "md": gettext_lazy("Markdown"),
    "csv": gettext_lazy("CSV"),
    "json": gettext_lazy("JSON"),
}


# To hang up, to hand out, and to decide on: what each is called, and what it is for.
PAPERS = {
    "praatplaat": (
        gettext_lazy("Praatplaat"),
        gettext_lazy("Eén groot vel voor in de lift of bij de ingang. Voor A3, en ook op A4 goed te lezen."),
    ),
    "briefje": (
        gettext_lazy("Briefje"),
        gettext_lazy("Vier op een vel, voor de brievenbus van wie er niet bij was."),
    ),
    "buurtagenda": (
        gettext_lazy("Buurtagenda"),
        gettext_lazy("Het plan in zeven bouwstenen, voor de gemeente en andere organisaties."),
    ),
}


@takes_a_form
@for_plan
def show_sharing(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """The plan as everybody will see it, with the links that there are. A POST makes a new one."""
    message = ""
    if request.method == "POST":
        with_names = "names" in request.POST
        plan = draw_shared(trajectory, with_names=with_names)
        frozen = msgspec.to_builtins(freeze_plan(plan)) if request.POST.get("shows") == "frozen" else None
        try:
            share_plan(trajectory.pk, with_names=with_names, frozen=frozen, actor=identify(request.user))
            return redirect("plan-share", trajectory.pk)
        except Refused as refusal:
            message, status = explain(refusal.code), status_of(refusal)
    with_names = "names" in (request.POST or request.GET)
    context = {
        "trajectory": trajectory,
        "sheet": draw_shared(trajectory, with_names=with_names).sheet,
        "with_names": with_names,
        "links": [(link, share_url(link.token)) for link in list_links(trajectory)],
        "goes_home": can_choose(),
        "files": FILES.items(),
        "way": find_way_to_plan(trajectory, names=with_names),
        "papers": [(kind, *words) for kind, words in PAPERS.items()],
        "message": message,
    }
    return render(request, "share/page.html", context, status=status if message else 200)


@writes("plan-share")
@for_plan
def withdraw(request: HttpRequest, trajectory: Trajectory, link: int) -> HttpResponse:
    withdraw_link(trajectory.pk, link, actor=identify(request.user))
    return redirect("plan-share", trajectory.pk)


def draw_shared(trajectory: Trajectory, *, with_names: bool) -> PlanToWrite:
    """The plan of now as it may leave the building."""
    return prepare_plan(trajectory, language=choose_language(), names=with_names, skips_hands=True)
