import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from facilitation.server.store import copy_to, find_file


class Command(BaseCommand):
    help = "Copy the database of an installation at home, also while Buurtboom runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", help="the folder for the copy; without it `backup` in the data folder")

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        file = find_file()
        if file is None:
            raise CommandError("Deze Buurtboom bewaart alles in PostgreSQL. Maak een back-up met pg_dump.")
        if not file.exists():
            raise CommandError("Er is nog niets om te kopiëren. Start eerst met: make run")
        folder = Path(to).expanduser() if to else settings.DATA_DIR / "backup"
        target = folder / f"buurtboom-{timezone.localtime():%Y-%m-%d-%H%M%S}.sqlite3"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy_to(target)
        except (OSError, sqlite3.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise CommandError(
                f"De kopie in {folder} lukte niet ({reason}). Kies een andere map of maak ruimte."
            ) from error
        self.stdout.write(f"Alles staat ook in: {target}")
        self.stdout.write("Zet die kopie op een andere plek, bijvoorbeeld een usb-stick. Er staan stemmen en namen in.")
