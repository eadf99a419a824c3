"""A mail before the days of a plan: asked for at a shared plan, confirmed and stopped by a link in the mail itself.

The forms need no token against forgery: the address itself is the key, and no cookie says who somebody is.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from facilitation.forms import ReminderForm
from facilitation.mails import ask_to_confirm, can_mail
from facilitation.views.gate import takes_a_form
from facilitation.views.shared import for_writing_holder, show_to_holder
from sessions.models import PlanLink
from sessions.reading.reminders import find_reminder
from sessions.writing.reminders import ask_reminder, confirm_reminder, forget_reminder, stop_reminder


@csrf_exempt
@for_writing_holder
def take_address(request: HttpRequest, link: PlanLink) -> HttpResponse:
    """Keep an address, and mail it a question. What we answer does not tell whether we knew it."""
    form = ReminderForm(request.POST)
    if not can_mail() or not form.is_valid():
        return show_to_holder(request, link, form, status=422)
    reminder = ask_reminder(link.trajectory_id, form.cleaned_data["email"])
    if reminder and not ask_to_confirm(reminder):
        forget_reminder(reminder)
        form.fail_to_send()
        return show_to_holder(request, link, form, status=503)
    return render(request, "reminder/asked.html", {"link": link})


@csrf_exempt
@never_cache
@takes_a_form
def open_reminder(request: HttpRequest, secret: str) -> HttpResponse:
    """From a mail. It asks before it does anything: programs that look for viruses open each link."""
    reminder = find_reminder(secret)
    if reminder is None:
        return hide(render(request, "reminder/stopped.html", status=404))
    if request.method == "POST":
        confirm_reminder(secret)
        return redirect("reminder", secret)
    return hide(render(request, "reminder/page.html", {"reminder": reminder}))


@csrf_exempt
@never_cache
@takes_a_form
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """The button of a mail program, or of our page. Who comes by a link gets our page first."""
    if request.method != "POST":
        return redirect("reminder", secret)
    stop_reminder(secret)
    return hide(render(request, "reminder/stopped.html"))


def hide(response: HttpResponse) -> HttpResponse:
    """The address is the key."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
