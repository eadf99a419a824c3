"""A plan that was shared: for everybody who has the link, without a login and without a trace."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from facilitation.forms import ReminderForm
from facilitation.mails import can_mail
from facilitation.server.addresses import can_choose
from facilitation.views.gate import reads, writes
from facilitation.views.plan_files import send_file
from facilitation.views.share import draw_shared
from sessions.exports.formats import FORMATS, FrozenPlan, PlanToWrite
from sessions.exports.pdf import write_pdf
from sessions.exports.sheet import Sheet
from sessions.models import PlanLink
from sessions.reading import find_link
from sessions.rules.kept import read_kept

SharedView = Callable[[HttpRequest, PlanLink], HttpResponse]


def for_holder(view: SharedView) -> Callable[..., HttpResponse]:
    """The view gets the link. Whoever has none that works gets one kind page, whatever was wrong with it."""
    return reads(_for_holder(view))


def for_writing_holder(view: SharedView) -> Callable[..., HttpResponse]:
    """The same for a view that takes a POST; who comes by its address is led to the plan."""
    return writes("shared")(_for_holder(view))


def _for_holder(view: SharedView) -> Callable[..., HttpResponse]:
    @never_cache
    @wraps(view)
    def gated(request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token)
        # One of an evening shows that evening or nothing: never what was written since.
        works = link and (link.frozen is None or read_frozen(link))
        response = view(request, link) if link and works else render(request, "share/gone.html", status=404)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"  # the address is the key
        return response

    return gated


@for_holder
def show_shared(request: HttpRequest, link: PlanLink) -> HttpResponse:
    return show_to_holder(request, link, ReminderForm())


def show_to_holder(request: HttpRequest, link: PlanLink, form: ReminderForm, status: int = 200) -> HttpResponse:
    """The plan as everybody with the link sees it, where mail was set up with a place to ask for one."""
    context = {"sheet": read_shared(link), "link": link, "goes_home": can_choose()}
    if can_mail():
        context["reminder"] = form
    return render(request, "share/shared.html", context, status=status)


@for_holder
def keep_pdf(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """The whole page as one file, to keep on a phone."""
    return send_file(write_pdf(read_shared(link)), "application/pdf", "attachment; filename=ons-plan.pdf")


@for_holder
def keep_calendar(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """The days of the plan: of that evening, or of now."""
    kept = read_frozen(link)
    days = kept.days.encode() if kept else FORMATS["ics"].write(draw_now(link))
    return send_file(days, FORMATS["ics"].content_type, "attachment; filename=ons-plan.ics")


def read_shared(link: PlanLink) -> Sheet:
    """What the link shows: the sheet of its evening, or the plan of now."""
    kept = read_frozen(link)
    return kept.sheet if kept else draw_now(link).sheet


def read_frozen(link: PlanLink) -> FrozenPlan | None:
    return read_kept(FrozenPlan, link.frozen) if link.frozen else None


def draw_now(link: PlanLink) -> PlanToWrite:
    return draw_shared(link.trajectory.merged_into or link.trajectory, with_names=link.with_names)
