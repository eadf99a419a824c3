from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from content.languages import BASE
from facilitation.mails import can_mail, send_reminders


class Command(BaseCommand):
    help = "Mail who asked for it what comes near in their plan. Once a day; what was sent is not sent again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not can_mail():
            raise CommandError("Er is geen mail ingesteld. Zet EMAIL_URL, EMAIL_FROM en PUBLIC_URL: zie .env.example.")
        with override(BASE):
            self.stdout.write(f"{send_reminders()} mails verstuurd.")
