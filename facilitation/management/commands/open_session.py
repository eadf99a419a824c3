from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.editions import load_library, newest_edition
from content.languages import BASE
from content.models import Edition
from facilitation.forms import SessionForm
from sessions.models import Team
from sessions.rules.actors import SYSTEM
from sessions.writing.meetings import open_session


class Command(BaseCommand):
    help = "Make a session and print its code and addresses, a line each: key: value."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--title", required=True)
        parser.add_argument("--buurt", required=True)
        parser.add_argument("--phase", required=True, help="startfase, richtfase, actiefase or evaluatiefase")
        parser.add_argument("--practice", action="store_true", help="a practice session: deleted after a day")
        parser.add_argument("--team", help="name of the team; the first one when left out")
        parser.add_argument("--facilitator", help="name of the account that leads it; none when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            library = load_library(newest_edition().pk, BASE)
        except Edition.DoesNotExist as error:
            raise CommandError(str(error)) from error
        teams = Team.objects.order_by("pk")
        teams = teams.filter(name=options["team"]) if options["team"] else teams[:1]
        if not teams:
            raise CommandError("Dat team is er niet.")
        form = SessionForm({**options, "team": teams[0].pk}, library=library, teams=Team.objects.filter(pk=teams[0].pk))
        if not form.is_valid():
            raise CommandError(" ".join(str(message) for messages in form.errors.values() for message in messages))
        user = None
        if options["facilitator"]:
            user = get_user_model().objects.filter(username=options["facilitator"]).first()
            if user is None:
                raise CommandError("Die begeleider is er niet.")
        session = open_session(
            team=form.cleaned_data["team"],
            facilitator=user,
            actor=SYSTEM,
            title=form.cleaned_data["title"],
            buurt=form.cleaned_data["buurt"],
            phase=form.cleaned_data["phase"],
            practice=form.cleaned_data["practice"],
        )
        base = settings.PUBLIC_URL or settings.SELF_URL
        self.stdout.write(f"code: {session.code}")
        self.stdout.write(f"join: {base}/m/{session.code}")
        self.stdout.write(f"console: {base}/b/{session.code}/console")
        self.stdout.write(f"beamer: {base}/b/{session.code}/beamer")
