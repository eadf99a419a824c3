import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilitation.access import find_session
from facilitation.simulator import PHONES, simulate, wait_for_server
from sessions.rules.refusals import Refused


class Command(BaseCommand):
    help = "Let pretend participants join a practice session and vote, over real websockets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the server listens")
        parser.add_argument("--phones", type=int, default=PHONES)
        parser.add_argument("--wait", action="store_true", help="wait until the server is up")
        parser.add_argument("--pace", type=float, default=1.0, help="0.1 is ten times as fast as people are")

    def handle(self, *args: Any, code: str, url: str, phones: int, pace: float, wait: bool, **options: Any) -> None:
        try:
            session = find_session(code)
        except Refused as refusal:
            raise CommandError(f"Geen bijeenkomst met code {code}.") from refusal
        if not session.is_practice:
            raise CommandError("Proefdeelnemers mogen alleen in een oefening (open_session --practice).")
        if wait:
            wait_for_server(url)
        try:
            asyncio.run(simulate(url.rstrip("/"), session.code, phones=phones, pace=pace))
        except (OSError, RuntimeError) as error:
            raise CommandError(f"De server op {url} antwoordt niet: {error}") from error
        except KeyboardInterrupt:
            return
