"""Accounts of facilitators. Participants never have one."""

import secrets

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
