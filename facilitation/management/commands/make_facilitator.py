from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilitation.accounts import make_facilitator
from sessions.models import Team


class Command(BaseCommand):
    help = "Make an account for a facilitator, with a random password that is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--team", help="name of the team; made when it is not there yet")

    def handle(self, *args: Any, name: str, team: str | None, **options: Any) -> None:
        try:
            _, password = make_facilitator(name, Team.objects.get_or_create(name=team)[0] if team else None)
        except ValueError as error:
            raise CommandError(f"De naam {name} is al in gebruik. Kies een andere.") from error
        self.stdout.write(f"name: {name}")
        self.stdout.write(f"password: {password}")
