"""Every hour everything goes that was promised to go: see `sessions.writing.tidying`, and old logins.

At home the file of the database is made whole in quiet moments, and screens hear of another network.
"""

import asyncio
import logging
from importlib import import_module

from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.utils import timezone

from facilitation.live.switchboard import switchboard
from facilitation.server.addresses import can_choose, public_url
from facilitation.server.store import settle
from facilitation.server.threads import take_form
from sessions.writing.meetings import purge_deleted
from sessions.writing.offers import forget_old_names
from sessions.writing.reminders import delete_old_reminders
from sessions.writing.tidying import delete_old_practice, delete_old_seats, unlink_old_votes

logger = logging.getLogger(__name__)

FIRST_SECONDS, EVERY_SECONDS = 60, 3600
SETTLE_SECONDS = 20
NETWORK_SECONDS = 2


def tidy() -> None:
    """Let go what is over."""
    delete_old_practice(settings.PRACTICE_HOURS)
    unlink_old_votes()
    delete_old_seats()
    forget_old_names()
    delete_old_reminders()
    purge_deleted()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_failed_logins()


def forget_failed_logins() -> None:
    """What was typed and from where, as soon as it counts no more."""
    over = timezone.now() - settings.AXES_COOLOFF_TIME
    for kind in (AccessAttempt, AccessFailureLog):
        kind.objects.filter(attempt_time__lt=over).delete()


class House:
    """The hourly round of this process; it begins with the first visitor."""

    def __init__(self) -> None:
        self._keepers: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """From the loop: from now on the house is kept."""
        loop = asyncio.get_running_loop()
        if not self._keepers or self._keepers[0].done() or self._keepers[0].get_loop() is not loop:
            self._keepers = [loop.create_task(job) for job in (self._keep(), self._settle(), self._watch_network())]

    async def _keep(self) -> None:
        pause = FIRST_SECONDS
        while True:
            await asyncio.sleep(pause)
            pause = EVERY_SECONDS
            try:
                await take_form(tidy)
            except Exception:
                logger.warning("Tidying failed; we try again in an hour.", exc_info=True)

    async def _settle(self) -> None:
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            if switchboard.is_quiet:
                await take_form(settle)

    async def _watch_network(self) -> None:
        known = public_url()
        while can_choose():
            await asyncio.sleep(NETWORK_SECONDS)
            now = public_url()
            if now != known:
                switchboard.look()
                # Said in the terminal of who started us; the log is for what goes wrong.
                print(f"\nTelefoons komen nu binnen op: {now or 'geen netwerk'}", flush=True)
            known = now


house = House()
