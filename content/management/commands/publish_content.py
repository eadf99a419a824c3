from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.editions import publish_library
from content.files import LIBRARY_FOLDER, read_library
from content.problems import ContentError


class Command(BaseCommand):
    help = "Check the content and publish it as a new edition. Running sessions keep theirs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=LIBRARY_FOLDER)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            edition, is_new = publish_library(read_library(folder))
        except ContentError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Uitgave {edition} is {'gepubliceerd' if is_new else 'er al'}.")
