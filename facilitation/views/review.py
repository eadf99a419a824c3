"""Reading back: the summary of a session, during it and after it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from facilitation.languages import choose_language
from facilitation.views.gate import for_team, reads
from sessions.exports.text import write_text
from sessions.models import GroupSession
from sessions.reading import read_summary


@reads
@for_team
def show_summary(request: HttpRequest, session: GroupSession) -> HttpResponse:
    return render(request, "review/summary.html", {"summary": read_summary(session, choose_language())})


@reads
@for_team
def export_text(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """The summary as a text file, for a mail or a note."""
    response = HttpResponse(
        write_text(read_summary(session, choose_language())), content_type="text/plain; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="verslag-{session.code}.txt"'
    return response
