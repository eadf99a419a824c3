from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilitation.sample import make_sample
from sessions.models import Team


class Command(BaseCommand):
    help = "Make a lifelike trajectory: four meetings over a year, one plan. Prints its key last."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--team", help="name of the team; the first one when left out")
        parser.add_argument("--facilitator", help="name of the account that led the meetings; none when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        teams = Team.objects.order_by("pk")
        team = (teams.filter(name=options["team"]) if options["team"] else teams).first()
        if team is None:
            raise CommandError("Dat team is er niet.")
        user = get_user_model().objects.filter(username=options["facilitator"] or "").first()
        if options["facilitator"] and user is None:
            raise CommandError("Die begeleider is er niet.")
        self.stdout.write(str(make_sample(team, user).pk))
