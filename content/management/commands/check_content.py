from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.files import LIBRARY_FOLDER, read_library
from content.problems import ContentError
from content.rules import find_problems


class Command(BaseCommand):
    help = "Check the content: every problem on a line of its own, or one line that says it is sound."
    requires_system_checks = ()  # an editor needs no database or key to check texts

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=LIBRARY_FOLDER)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            library = read_library(folder)
            problems = tuple(find_problems(library))
        except ContentError as error:
            problems = error.problems
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            raise CommandError(f"De inhoud klopt niet. Aantal problemen: {len(problems)}.")
        questions = sum(not node.is_end for tree in library.trees for node in tree.nodes)
        answers = sum(1 for _ in library.occurrences())
        self.stdout.write(f"De inhoud klopt: {len(library.trees)} bomen, {questions} vragen, {answers} antwoorden.")
