from typing import Any

import msgspec
from django.db import models

from content.graph import Library
from content.structs import learn

learn(Library)


class Edition(models.Model):
    """One checked version of all content. Never changed after publishing: a session is pinned to one."""

    name = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    document = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-published_at", "-pk")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An edition never changes after publishing. Publish a new one.")
        super().save(*args, **kwargs)

    def read_library(self) -> Library:
        """The document as frozen structs; use `content.editions.load_library`, which remembers it."""
        return msgspec.convert(self.document, Library)
