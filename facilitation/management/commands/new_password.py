from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilitation.accounts import give_new_password
from facilitation.server.store import find_file


class Command(BaseCommand):
    help = "Give a facilitator a new random password, shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", help="the account; without it the first one")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        file = find_file()
        if file and not file.exists():
            raise CommandError("Er is nog geen begeleider. Start eerst met: make run")
        try:
            user, password = give_new_password(name)
        except LookupError as error:
            raise CommandError(
                f"Er is geen begeleider met de naam {name}."
                if name
                else "Er is nog geen begeleider. Start eerst met: make run"
            ) from error
        self.stdout.write("\nHet oude wachtwoord werkt niet meer. Dit nieuwe zie je maar één keer:\n\n")
        self.stdout.write(f"  Naam:        {user.get_username()}\n  Wachtwoord:  {password}\n")
