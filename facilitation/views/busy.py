"""Too many people want to log in at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from facilitation.views.gate import reads


@reads
def show_busy(request: HttpRequest) -> HttpResponse:
    """What a login gets when too many wait already."""
    message = gettext("Er willen nu te veel mensen inloggen. Wacht een halve minuut en probeer het opnieuw.")
    return render(request, "error.html", {"message": message}, status=503)
