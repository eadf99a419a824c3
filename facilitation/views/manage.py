"""Another title for a meeting, taking it away, and bringing it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from facilitation.access import identify
from facilitation.forms import TitleForm
from facilitation.views.gate import for_team, for_team_of_deleted, takes_a_form, writes
from sessions.models import GroupSession
from sessions.writing.meetings import delete_session, rename_session, restore_session


@takes_a_form
@for_team
def manage(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """The page where a meeting gets another title or goes."""
    form = TitleForm(request.POST if request.method == "POST" else {"title": session.title})
    if request.method == "POST" and form.is_valid():
        rename_session(session.code, form.cleaned_data["title"], actor=identify(request.user))
        messages.success(request, gettext("De nieuwe titel is bewaard."))
        return redirect("overview")
    return render(request, "review/manage.html", {"session": session, "form": form}, status=422 if form.errors else 200)


@writes("manage")
@for_team_of_deleted
def delete(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """Take a meeting away. The page before asked whether that is meant."""
    delete_session(session.code, actor=identify(request.user))
    messages.success(
        request,
        gettext("%(title)s is verwijderd. Tot over een week kun je hem terugzetten, onderaan deze pagina.")
        % {"title": _isolate(session)},
    )
    return redirect("overview")


@writes("manage")
@for_team_of_deleted
def restore(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """Bring a deleted meeting back."""
    restore_session(session.code, actor=identify(request.user))
    messages.success(request, gettext("%(title)s staat er weer.") % {"title": _isolate(session)})
    return redirect("overview")


def _isolate(session: GroupSession) -> str:
    """A title between our words, in its own direction."""
    return f"\u2068{session.title}\u2069"
