"""A mail before the days of a plan: asked for, confirmed by who the address belongs to, sent once, stopped at once."""

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from sessions.models import Reminder, SentReminder, Trajectory
from sessions.writing.transactions import write

CONFIRM_WITHIN = timedelta(days=2)
LASTS = timedelta(days=365)
MOST_OF_A_PLAN = 500
MOST_AN_HOUR = 20  # of one plan that are not confirmed: nobody mails a whole town with our name


def ask_reminder(trajectory: int, email: str) -> Reminder | None:
    """Keep an address until it is confirmed; returns it when a mail has to ask for that.

    None, and no mail, for one that was confirmed already or was asked within the last two days, and where too many ask.
    """
    with write():
        row = Trajectory.objects.select_for_update().get(pk=trajectory)
        row = row.merged_into or row
        now, kept = timezone.now(), Reminder.objects.filter(trajectory=row)
        kept.filter(confirmed_at=None, asked_at__lt=now - CONFIRM_WITHIN).delete()
        lately = kept.filter(confirmed_at=None, asked_at__gt=now - timedelta(hours=1)).count()
        if kept.filter(email__iexact=email).exists() or lately >= MOST_AN_HOUR or kept.count() >= MOST_OF_A_PLAN:
            return None
        return Reminder.objects.create(trajectory=row, email=email)


def forget_reminder(reminder: Reminder) -> None:
    """The mail that asks could not be sent: who asked may try again."""
    reminder.delete()


def confirm_reminder(secret: str) -> None:
    """Who the address belongs to says yes. Twice is harmless."""
    Reminder.objects.filter(secret=secret, confirmed_at=None).update(confirmed_at=timezone.now())


def stop_reminder(secret: str) -> None:
    """The address goes for good. Twice is harmless."""
    Reminder.objects.filter(secret=secret).delete()


def claim_mail(reminder: Reminder, about: Collection[str]) -> list[str]:
    """What of this was not sent to this address before, and is from now on: of two that send, one gets it."""
    claimed = []
    with write():
        for one in about:
            _, is_new = SentReminder.objects.get_or_create(reminder=reminder, about=one)
            if is_new:
                claimed.append(one)
    return claimed


def release_mail(reminder: Reminder, about: Collection[str]) -> None:
    """The mail did not leave: the next round tries again."""
    SentReminder.objects.filter(reminder=reminder, about__in=about).delete()


def delete_old_reminders() -> int:
    """Addresses go that nobody confirmed within two days, and the others after a year. Returns how many."""
    now = timezone.now()
    gone, _ = Reminder.objects.filter(confirmed_at=None, asked_at__lt=now - CONFIRM_WITHIN).delete()
    old, _ = Reminder.objects.filter(confirmed_at__lt=now - LASTS).delete()
    return gone + old
