"""A plan that was shared: for everybody who has the link, without a login and without a trace."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from facilitation.server.addresses import can_choose
from facilitation.views.gate import reads
from facilitation.views.plan_files import send_file
from facilitation.views.share import draw_sheet
from sessions.exports.calendar import write_calendar
from sessions.exports.pdf import write_pdf
from sessions.exports.sheet import Sheet, leave_out_hands
from sessions.models import PlanLink, Trajectory
from sessions.reading import find_link, read_plan_page
from sessions.rules.kept import read_kept

SharedView = Callable[[HttpRequest, PlanLink], HttpResponse]


def for_holder(view: SharedView) -> Callable[..., HttpResponse]:
    """The view gets the link. Whoever has none that works gets one kind page, whatever was wrong with it."""

    @reads
    @never_cache
    @wraps(view)
    def gated(request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token)
        response = view(request, link) if link else render(request, "share/gone.html", status=404)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"  # the address is the key
        return response

    return gated


@for_holder
def show_shared(request: HttpRequest, link: PlanLink) -> HttpResponse:
    context = {"sheet": read_shared(link), "link": link, "goes_home": can_choose()}
    return render(request, "share/shared.html", context)


@for_holder
def keep_pdf(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """The whole page as one file, to keep on a phone."""
    return send_file(write_pdf(read_shared(link)), "application/pdf", "attachment; filename=ons-plan.pdf")


@for_holder
def keep_calendar(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """The days of the plan as it is now: a calendar of that evening would only miss what changed."""
    days = write_calendar(leave_out_hands(read_plan_page(_find_plan(link))), names=link.with_names)
    return send_file(days, "text/calendar; charset=utf-8", "attachment; filename=ons-plan.ics")


def read_shared(link: PlanLink) -> Sheet:
    """What the link shows: the sheet of its evening, or the plan of now."""
    kept = read_kept(Sheet, link.frozen) if link.frozen else None
    return kept or draw_sheet(_find_plan(link), with_names=link.with_names)


def _find_plan(link: PlanLink) -> Trajectory:
    return link.trajectory.merged_into or link.trajectory
