"""The two mails that Buurtboom sends, and only to who asked for them: do you want this, and what comes near."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from facilitation.access import find_way_to_plan
from sessions.models import Reminder, Trajectory
from sessions.reading import PlanPage, read_plan_page
from sessions.reading.reminders import ComingDay, list_coming_days, list_confirmed
from sessions.writing.reminders import claim_mail, release_mail

logger = logging.getLogger(__name__)


def can_mail() -> bool:
    """Whether mail was set up, and phones have an address to come back to."""
    return bool(settings.EMAIL_HOST and settings.PUBLIC_URL)


def ask_to_confirm(reminder: Reminder) -> bool:
    """Ask who the address belongs to. False when the mail could not leave."""
    buurt = reminder.trajectory.buurt
    subject = _("Wil je een mailtje over %(buurt)s?") % {"buurt": buurt}
    return _send(
        reminder, subject, render_to_string("mail/confirm.txt", {"buurt": buurt, "address": _address(reminder)})
    )


def send_reminders() -> int:
    """Tell everybody who said yes what comes near, each thing once. Returns how many mails left."""
    sent, told = 0, set[tuple[int, str]]()
    pages: dict[int, tuple[PlanPage, tuple[ComingDay, ...]]] = {}
    for reminder in list_confirmed():
        trajectory = reminder.trajectory.merged_into or reminder.trajectory
        person = (trajectory.pk, reminder.email.lower())
        if person in told:
            continue  # asked at two plans that became one
        told.add(person)
        if trajectory.pk not in pages:
            page = read_plan_page(trajectory)
            pages[trajectory.pk] = page, list_coming_days(page, timezone.localdate())
        sent += _remind(reminder, trajectory, *pages[trajectory.pk])
    return sent


def _remind(reminder: Reminder, trajectory: Trajectory, page: PlanPage, coming: Iterable[ComingDay]) -> bool:
    by_name = {one.about: one for one in coming}
    claimed = claim_mail(reminder, by_name)
    if not claimed:
        return False
    days = [by_name[about] for about in claimed]
    way = find_way_to_plan(trajectory, names=False)
    context = {
        "page": page,
        "days": days,
        "meets": any(one.kind == "next" for one in days),
        "plan": way.address if way else "",
        "address": _address(reminder),
    }
    subject = _("%(buurt)s: dit komt eraan") % {"buurt": page.buurt}
    left = _send(reminder, subject, render_to_string("mail/reminder.txt", context))
    if not left:
        release_mail(reminder, claimed)
    return left


def _send(reminder: Reminder, subject: str, body: str) -> bool:
    """To one address, with the button that mail programs have to stop (RFC 8058)."""
    headers = {
        "List-Unsubscribe": f"<{_address(reminder)}/stop>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    subject = " ".join(subject.split())  # a name of a buurt is one line
    try:
        return bool(EmailMessage(subject, body, to=[reminder.email], headers=headers).send())
    except (SMTPException, OSError) as error:
        logger.error("A mail could not be sent (%s).", type(error).__name__)  # without the address
        return False


def _address(reminder: Reminder) -> str:
    return f"{settings.PUBLIC_URL}{reverse('reminder', args=[reminder.secret])}"
