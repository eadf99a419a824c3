from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from content.languages import BASE
from facilitation.access import find_way_to_plan
from sessions.exports.formats import FORMATS, prepare_plan
from sessions.models import Trajectory


class Command(BaseCommand):
    help = "Write the plan of a trajectory to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("trajectory", type=int, help="its key, as in the address /t/KEY")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument(
            "--without-names", action="store_true", help="also without the first names that may be told"
        )

        parser.add_argument(
            "--with-decisions", action="store_true", help="in a buurtagenda also what the group decided, and why"
        )

    def handle(
        self, *args: Any, trajectory: int, output: Path, without_names: bool, with_decisions: bool, **options: Any
    ) -> None:
        row = Trajectory.objects.filter(pk=trajectory).first()
        if row is None:
            raise CommandError(f"Een plan met nummer {trajectory} is er niet.")
        with override(BASE):
            way = find_way_to_plan(row, names=not without_names)
            plan = prepare_plan(row, language=BASE, names=not without_names, way=way, decisions=with_decisions)
            content = FORMATS[options["format"]].write(plan)
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"In {output} kunnen we niet schrijven ({error.strerror}).") from error
