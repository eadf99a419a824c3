from typing import Any

from django.core.management.base import BaseCommand

from facilitation.live.house import tidy


class Command(BaseCommand):
    help = "Laat gaan wat niet langer bewaard wordt. Een server doet dit zelf, elk uur."

    def handle(self, *args: Any, **options: Any) -> None:
        tidy()
