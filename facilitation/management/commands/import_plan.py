from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilitation.messages import explain
from sessions.exports.plan_file import read_plan_file
from sessions.models import Team
from sessions.rules.actors import SYSTEM
from sessions.rules.refusals import Refused
from sessions.writing.importing import KeyedLine, import_plan


class Command(BaseCommand):
    help = "Load a plan that was written with export_plan --format json. Prints the key of its trajectory last."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--team", help="name of the team; the first one when left out")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        teams = Team.objects.order_by("pk")
        team = (teams.filter(name=options["team"]) if options["team"] else teams).first()
        if team is None:
            raise CommandError("Dat team is er niet.")
        try:
            made = read_plan_file(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} kunnen we niet lezen ({error.strerror}).") from error
        except ValueError as error:
            raise CommandError(f"{file} is geen plan van Buurtboom: {error}") from error
        lines = [
            KeyedLine(entry.key, entry.kind, entry.prompt, entry.words, entry.goal, entry.evidence)
            for entry in made.lines
        ]
        try:
            trajectory = import_plan(team, made.buurt, lines, made.next_time, actor=SYSTEM)
        except Refused as refusal:
            raise CommandError(explain(refusal.code)) from refusal
        self.stdout.write(str(trajectory.pk))
