"""The only writer of editions, and the reader everybody uses."""

import hashlib
from functools import lru_cache

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from content.graph import Library
from content.languages import translate_library
from content.models import Edition
from content.problems import ContentError
from content.rules import find_problems


def publish_library(library: Library) -> tuple[Edition, bool]:
    """Check a library and keep it as a new edition. Returns the edition and whether it is new.

    The same content published twice is the same edition, checked once. Raises ContentError when a rule is broken.
    """
    document = msgspec.to_builtins(library)
    digest = hashlib.sha256(msgspec.json.encode(document, order="deterministic")).hexdigest()
    existing = Edition.objects.filter(digest=digest).first()
    if existing:
        return existing, False
    problems = find_problems(library)
    if problems:
        raise ContentError(problems)
    year = timezone.localdate().year
    for number in range(Edition.objects.filter(name__startswith=f"{year}-").count() + 1, 10_000):
        try:
            with transaction.atomic():
                return Edition.objects.create(name=f"{year}-{number}", digest=digest, document=document), True
        except IntegrityError:
            # Another process published at the same moment: the same content, or the name we wanted.
            existing = Edition.objects.filter(digest=digest).first()
            if existing:
                return existing, False
    raise RuntimeError("no free edition name")


def newest_edition() -> Edition:
    """The edition a new session is pinned to. Raises Edition.DoesNotExist when nothing is published."""
    edition = Edition.objects.order_by("-published_at", "-pk").defer("document").first()
    if edition is None:
        raise Edition.DoesNotExist("Er is nog geen inhoud. Doe eerst: python manage.py publish_content")
    return edition


@lru_cache(maxsize=8)
def load_library(edition_id: int, language: str) -> Library:
    """The content of an edition, with its texts in a language. Safe to remember for ever: an edition never changes.

    Raises LookupError for a language that we have no texts in.
    """
    return translate_library(Edition.objects.get(pk=edition_id).read_library(), language)
