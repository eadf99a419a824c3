"""What a facilitator sees after logging in: running sessions, a new one, and earlier ones."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from content.editions import load_library, newest_edition
from content.models import Edition
from facilitation.access import Right, find_trajectory, identify
from facilitation.forms import SessionForm
from facilitation.languages import choose_language
from facilitation.messages import explain
from facilitation.views.errors import show_refusal
from facilitation.views.gate import takes_a_form
from sessions.models import GroupSession
from sessions.reading import list_known_buurten, show_cards, sort_sessions
from sessions.rules.refusals import Reason, Refused
from sessions.writing.meetings import open_session


class ChangePassword(SuccessMessageMixin, PasswordChangeView):
    """A facilitator chooses a password of their own."""

    http_method_names = ["get", "head", "post"]
    success_url = reverse_lazy("overview")
    success_message = gettext_lazy("Je wachtwoord is gewijzigd.")


PAGE = 20


@takes_a_form
@never_cache
@login_required
def show_overview(request: HttpRequest) -> HttpResponse:
    """Show the sessions of the visitor's teams; a POST makes a new one and goes to its console."""
    teams = request.user.teams.order_by("pk")  # type: ignore[union-attr]
    if not teams:
        return render(request, "error.html", {"message": explain(Reason.NO_TEAM)}, status=403)
    try:
        library = load_library(newest_edition().pk, choose_language())
    except Edition.DoesNotExist:
        return render(request, "error.html", {"message": explain(Reason.NO_CONTENT)}, status=503)
    known = list_known_buurten(teams)
    form = SessionForm(request.POST if request.method == "POST" else None, library=library, teams=teams, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("console", code=_open(request, form).code)
        except Refused as refusal:
            return show_refusal(request, refusal)
    lists = sort_sessions(teams)
    now, earlier, unused, deleted = (
        Paginator(sessions, PAGE).get_page(request.GET.get(word))
        for sessions, word in (
            (lists.now, "nu"),
            (lists.earlier, "pagina"),
            (lists.unused, "ongebruikt"),
            (lists.deleted, "verwijderd"),
        )
    )
    cards = show_cards([*now, *earlier], choose_language())
    context = {
        "form": form,
        "teams": teams if len(teams) > 1 else (),
        "now": cards[: len(now)],
        "now_page": now,
        "unused": unused,
        "earlier": cards[len(now) :],
        "page": earlier,
        "deleted": deleted,
        "known": known,
    }
    return render(request, "review/overview.html", context, status=422 if form.errors else 200)


def _open(request: HttpRequest, form: SessionForm) -> GroupSession:
    """A new session, in the trajectory that was chosen or in that of its buurt. Raises Refused."""
    key = form.cleaned_data["trajectory"]
    return open_session(
        team=form.cleaned_data["team"],
        joins=find_trajectory(identify(request.user), key, Right.LEAD) if key else None,
        facilitator=request.user,  # type: ignore[arg-type]
        actor=identify(request.user),
        title=form.cleaned_data["title"],
        buurt=form.cleaned_data["buurt"],
        phase=form.cleaned_data["phase"],
        practice=form.cleaned_data["practice"],
        form=form.token,
    )
