"""What a facilitator sees after logging in: running sessions, a new one, and earlier ones."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from content.editions import load_library, newest_edition
from facilitation.forms import SessionForm
from facilitation.messages import explain
from sessions.commands import open_session
from sessions.models import Trajectory
from sessions.queries import list_sessions


class ChangePassword(SuccessMessageMixin, PasswordChangeView):
    """A facilitator chooses a password of their own."""

    success_url = reverse_lazy("overview")
    success_message = gettext_lazy("Je wachtwoord is gewijzigd.")


@never_cache
@login_required
def show_overview(request: HttpRequest) -> HttpResponse:
    """Show the sessions of the visitor's teams; a POST makes a new one and goes to its console."""
    teams = request.user.teams.order_by("pk")  # type: ignore[union-attr]
    team = teams.first()
    if team is None:
        return render(request, "error.html", {"message": explain("no-team")}, status=403)
    library = load_library(newest_edition().pk)
    form = SessionForm(request.POST if request.method == "POST" else None, library=library)
    if request.method == "POST" and form.is_valid():
        session = open_session(
            team=team,
            facilitator=request.user,  # type: ignore[arg-type]
            title=form.cleaned_data["title"],
            buurt=form.cleaned_data["buurt"],
            phase=form.cleaned_data["phase"],
            practice=form.cleaned_data["practice"],
        )
        return redirect("console", code=session.code)
    cards = list_sessions(teams)
    context = {
        "form": form,
        "running": [card for card in cards if card.session.ended_at is None],
        "earlier": [card for card in cards if card.session.ended_at is not None],
        "buurten": Trajectory.objects.filter(team__in=teams).values_list("buurt", flat=True).distinct(),
    }
    return render(request, "review/overview.html", context, status=422 if form.errors else 200)
