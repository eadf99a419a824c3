"""The words of every page of the meetings in a database, as JSON on standard output. Runs in any release."""

import json
import os
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from unittest import mock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facilitation.settings")
django.setup()

from django.conf import settings  # noqa: E402

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
PAGES = ("plan", "verslag", "verslag.txt", "console", "beamer")
SILENT = ("script", "style", "template", "svg", "head")
WORDS = ("value", "placeholder", "alt", "aria-label")


class Reader(HTMLParser):
    """Collects what somebody can read or has typed. What is only for a machine is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        self._silent += tag in SILENT
        if tag == "input" and told.get("type") == "hidden":
            return
        self.words += [str(told[name]) for name in WORDS if told.get(name)]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.words.append(" ".join(data.split()))


def read(client: Client, address: str) -> list[str]:
    answer = client.get(address, follow=True)
    text = answer.content.decode()
    if not answer["Content-Type"].startswith("text/html"):
        return [str(answer.status_code), *text.split("\n")]
    reader = Reader()
    reader.feed(text)
    return [str(answer.status_code), *(re.sub(r"https?://[^\s/]+", "", word) for word in reader.words)]


def read_all() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM live_sessions_groupsession ORDER BY id")
        codes = [code for (code,) in cursor.fetchall()]
    client = Client(HTTP_HOST="localhost")
    client.force_login(get_user_model().objects.get(username="sanne"))
    addresses = ["/bijeenkomsten", *(f"/b/{code}/{page}" for code in codes for page in PAGES)]
    return {address: read(client, address) for address in addresses}


def read_lines() -> list[str]:
    """What people wrote in the plans, who does it included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT texts, who FROM live_sessions_planline")
        rows = [(json.loads(texts) if isinstance(texts, str) else texts, who) for texts, who in cursor.fetchall()]
    return sorted({word for texts, who in rows for word in (*texts, who) if word})


if __name__ == "__main__":
    with mock.patch.object(timezone, "now", return_value=NOW):
        print(json.dumps({**read_all(), "lines": read_lines()}, ensure_ascii=False, indent=0))
