"""Accounts of facilitators. Participants never have one."""

import secrets

from axes.utils import reset
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction

from sessions.models import Team

# Letters and figures that cannot be mistaken for each other, for a password that is read from a screen.
EASY = "abcdefghjkmnpqrstuvwxyz23456789"


def make_password() -> str:
    """A random password that is easy to type: three groups of five."""
    return "-".join("".join(secrets.choice(EASY) for _ in range(5)) for _ in range(3))


@transaction.atomic
def make_facilitator(name: str, team: Team | None = None) -> tuple[User, str]:
    """A facilitator with a random password, shown once. Raises ValueError when the name is taken."""
    users = get_user_model().objects
    if users.filter(username=name).exists():
        raise ValueError(name)
    password = make_password()
    user = users.create_user(username=name, password=password)
    (team or Team.objects.order_by("pk").first() or Team.objects.create(name="Ons team")).members.add(user)
    return user, password


@transaction.atomic
def give_new_password(name: str = "") -> tuple[User, str]:
    """A new random password for this facilitator, or for the first one. Raises LookupError when there is none.

    Whoever guessed in vain meanwhile keeps nobody out any more.
    """
    accounts = get_user_model().objects.order_by("pk")
    user = (accounts.filter(username=name) if name else accounts).first()
    if user is None:
        raise LookupError(name)
    password = make_password()
    user.set_password(password)
    user.save()
    reset(username=user.get_username())
    return user, password
