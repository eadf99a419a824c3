"""What people type runs in its own direction, on every page, between our words and in the fields that hold it."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from sessions.models import GroupSession, PlanLine
from sessions.rules.commands import COMMANDS
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone
from tests.plans import make_line

pytestmark = pytest.mark.django_db

VOID = {"input", "meta", "link", "br", "path", "use", "rect", "img"}
UNSHOWN = {"title", "script", "option", "datalist", "template"}
# Title, buurt, why, another voice, why back, a line of the plan and who does it: in Arabic, Hebrew and Persian.
TYPED = {
    "title": "عبور آمن للشارع", "buurt": "حي الطيور", "why": "لأن الجميع يعرفه", "other": "אבל לא כולם",
    "back": "نسينا شيئا", "text": "می\u200cخواهیم فردا", "who": "פאטמה",
}  # fmt: skip


class _Finder(HTMLParser):
    """Every place where typed words show, with whether they run in their own direction there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[dict] = []
        self.found: set[str] = set()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") != "hidden":
            self._note(given.get("value") or "", given.get("dir") == "auto", f"<input name={given.get('name')}>")
        if tag not in VOID:
            self.open.append({"tag": tag, "is_own": tag == "bdi" or given.get("dir") == "auto", "text": ""})

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()["tag"] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not UNSHOWN & {part["tag"] for part in self.open}:
            # The direction is that of the first letter inside: it has to be one of theirs, not of ours.
            is_own = any(part["is_own"] and not re.search(r"\w", part["text"]) for part in self.open)
            is_own = is_own or re.search("\u2068.+\u2069", data) is not None
            self._note(data, is_own, data.strip()[:60])
        for part in self.open:
            part["text"] += data

    def _note(self, text: str, is_own: bool, place: str) -> None:
        here = {name for name, words in TYPED.items() if words in text}
        self.found |= here
        if here and not is_own:
            self.faults.append(f"{sorted(here)} at {place}")


@pytest.fixture
def meeting(session):
    GroupSession.objects.filter(pk=session.pk).update(title=TYPED["title"])
    session.trajectory.buurt = TYPED["buurt"]
    session.trajectory.save()
    return session


def do(session, *names: str, **fields: str) -> None:
    for name in names:
        seen = GroupSession.objects.get(pk=session.pk).version
        run_command(session.code, COMMANDS[name](**fields), seen=seen, actor=LEADER)


def fill_in(session) -> None:
    line = PlanLine.objects.filter(session=session, kind="actie").first() or make_line(session, kind="actie", prompt="")
    PlanLine.objects.filter(pk=line.pk).update(texts=[TYPED["text"]], who=TYPED["who"], due=date(2031, 9, 12))
    make_line(session, kind="doel", prompt="", texts=[TYPED["text"]], struck=True)


def get_pages(session, team: CarefulClient, visits: list[tuple[str, CarefulClient, str]]) -> dict[str, str]:
    """Every page of the meeting as its team sees it, and those of these visitors: (who, browser, path)."""
    desk = f"/b/{session.code}"
    plan = f"/t/{session.trajectory_id}/plan"
    paths = [f"{desk}/console", f"{desk}/beamer", plan, f"{desk}/verslag", "/bijeenkomsten"]
    for line in PlanLine.objects.filter(session=session)[:2]:
        paths += [f"{plan}/{line.pk}", f"{plan}/{line.pk}/eerder"]
    pages = {path: team.get(path) for path in [*paths, f"{desk}/beheer"]}
    pages |= {f"{who}: {path}": browser.get(path) for who, browser, path in visits}
    assert {page.status_code for page in pages.values()} == {200}
    return {path: page.content.decode() for path, page in pages.items()}


def find_typed(page: str) -> _Finder:
    finder = _Finder()
    finder.feed(page)
    finder.close()
    return finder


def test_typed_words_run_in_their_own_direction_on_every_page(meeting, alice, client_of):
    team, phone, stranger = CarefulClient(), Phone(meeting.code, "inwoner"), CarefulClient()
    team.force_login(alice)
    desk, code = f"/b/{meeting.code}", meeting.code
    found, faults = set(), []
    own, theirs = f"/m/{code}", f"/m/{code}/rol"
    visits = [("phone", phone.client, own), ("phone", phone.client, theirs), ("stranger", stranger, theirs)]

    def look() -> None:
        for path, page in get_pages(meeting, team, visits).items():
            finder = find_typed(page)
            found.update(finder.found)
            faults.extend(f"{path}: {fault}" for fault in finder.faults)

    look()
    do(meeting, "start")
    do(meeting, "open", "close", "reveal")
    do(meeting, "decide", answer="probleem", how="talk", why=TYPED["why"], other=TYPED["other"])
    fill_in(meeting)
    look()
    do(meeting, "plan")
    look()
    do(meeting, "pause")
    look()
    do(meeting, "resume", "walk", "next")
    do(meeting, "back", why=TYPED["back"])
    look()
    do(meeting, "stop")
    visits.remove(("phone", phone.client, theirs))  # nobody changes role any more
    look()
    team.post(f"{desk}/verwijder")
    overview = find_typed(team.get("/bijeenkomsten").content.decode())
    assert (overview.faults, "title" in overview.found) == ([], True)
    assert sorted(set(faults)) == []
    assert found == set(TYPED)


TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
WITHOUT = re.compile(r'type="(?!text")|inputmode="numeric"|aria-hidden="true"')


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_field_for_words_has_a_direction(template):
    fields = re.findall(r"<(?:input|textarea)\b(?:{%.*?%}|{{.*?}}|[^>{])*>", template.read_text(encoding="utf-8"))
    assert [field for field in fields if not WITHOUT.search(field) and ' dir="' not in field] == []
