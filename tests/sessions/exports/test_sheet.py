"""The plan as it leaves the building: which words stand on the paper, which names, and a file that others can read."""

from datetime import date, time
from functools import partial
from io import BytesIO

import msgspec
import pikepdf
import pytest
from django.utils.translation import override
from icalendar import Calendar

from sessions.exports.calendar import write_calendar
from sessions.exports.pdf import write_pdf
from sessions.exports.sheet import Sheet, make_sheet
from sessions.models import GroupSession, PlanLine
from sessions.reading import read_plan_page
from tests.papers import count_pages, list_tags, read_text
from tests.plans import add_line

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)


@pytest.fixture
def add(session: GroupSession):
    """A line of the plan with these fields."""

    return partial(add_line, session.trajectory)


def make(session: GroupSession, *, people: int = 22, names: bool = True) -> Sheet:
    with override("nl"):
        page = read_plan_page(session.trajectory)
        return make_sheet(page, people=people, today=TODAY, language="nl", names=names)


def fill(session: GroupSession, add) -> None:
    """A plan with all that a sheet has room for."""
    goal = add("doel", "kinderen lopen veilig naar school", due=date(2027, 6, 1))
    add("actie", "tellen bij het zebrapad", goal=goal.pk, who="Fatma", may_name=True, due=date(2027, 2, 12))
    add("actie", "borden vragen", goal=goal.pk, who="Joost", role="wijkteam")
    add("doel", "buren kennen elkaar")
    add("nodig", "acht hesjes")
    add("voorwaarde", "de gemeente levert borden")
    add("voortgang", "ouders laten hun kind weer lopen")
    add("mensen", "mevrouw De Wit kent de hele straat")
    add("trekker", "Mirjam")
    session.trajectory.next_day, session.trajectory.next_hour = date(2027, 6, 2), time(19, 30)
    session.trajectory.next_place = "De Merel"
    session.trajectory.save()


def test_the_first_goal_is_whole_and_the_others_come_on_the_next_page(session, add):
    fill(session, add)
    sheet = make(session)
    assert (sheet.goal, sheet.signs) == ("kinderen lopen veilig naar school", "Klaar op 1 juni 2027.")
    assert [(step.text, step.who, step.when) for step in sheet.steps] == [
        ("tellen bij het zebrapad", "Fatma", "12 februari 2027"),
        ("borden vragen", "wijkteam", ""),
    ]
    assert [goal.text for goal in sheet.goals] == ["buren kennen elkaar"]
    assert [box.heading for box in sheet.boxes] == [
        "Dit is nodig", "Dit moet kloppen", "Zo merken we dat het beter gaat",
    ]  # fmt: skip
    assert [found.texts for found in sheet.more] == [("mevrouw De Wit kent de hele straat.",)]
    assert (sheet.next, sheet.place) == ("woensdag 2 juni 2027, 19.30 uur", "De Merel")
    assert sheet.last == "27 november 2026 · 22 mensen maakten dit plan"


def test_a_name_leaves_the_building_only_with_its_tick_and_only_when_asked(session, add):
    fill(session, add)
    for names, told in ((True, True), (False, False)):
        words = read_text(write_pdf(make(session, names=names)))
        assert ["Fatma" in words, "Joost" in words, "Mirjam" in words, "wijkteam" in words] == [
            told,
            False,
            False,
            True,
        ]


def test_without_a_goal_it_is_our_plan_of_the_buurt(session, add):
    add("actie", "tellen")
    sheet = make(session, people=0)
    assert (sheet.goal, sheet.overline, sheet.last) == ("Ons plan", "Vogelbuurt", "27 november 2026")


def test_the_file_is_tagged_has_a_title_a_language_and_bookmarks(session, add):
    fill(session, add)
    pdf = write_pdf(make(session))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "nl"
        assert document.docinfo["/Title"] == "Ons plan: kinderen lopen veilig naar school"
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == [
                "kinderen lopen veilig naar school", "Wat we ook opschreven",
            ]  # fmt: skip
    tags = list_tags(pdf)
    assert [tags.count(kind) for kind in ("H1", "Table", "TH")] == [2, 1, 4]


def test_what_people_said_is_on_the_paper_word_for_word(session, add):
    fill(session, add)
    words = read_text(write_pdf(make(session)))
    for text in ("tellen bij het zebrapad", "acht hesjes", "buren kennen elkaar", "mevrouw De Wit kent de hele straat",
                 "woensdag 2 juni 2027, 19.30 uur", "De Merel", "Wat we ook opschreven"):  # fmt: skip
        assert text in words


def test_what_a_room_said_of_it_is_on_the_paper_however_long_and_keeps_it_one_page(session, add):
    add("actie", "tellen")
    sheet = msgspec.structs.replace(
        make(session), verdict=f"Op 28 november zei de groep: er mist iets: {'hesjes ' * 42}."
    )
    pdf = write_pdf(sheet)
    assert count_pages(pdf) == 1
    assert read_text(pdf).count("hesjes") == 42


def test_an_empty_plan_is_a_paper_to_write_on(session):
    pdf = write_pdf(make(session))
    assert count_pages(pdf) == 1
    assert "Vogelbuurt" in read_text(pdf)


@pytest.mark.parametrize("number", [1, 7, 60])
def test_every_step_stands_on_it_once_however_many_there_are(session, add, number):
    goal = add("doel", "veilig")
    for place in range(number):
        add("actie", f"stap nummer {place:03} met woorden genoeg om over twee regels te lopen", goal=goal.pk)
    words = read_text(write_pdf(make(session)))
    assert [words.count(f"stap nummer {place:03}") for place in range(number)] == [1] * number


def find_fonts(pdf: bytes) -> set[str]:
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = [font for page in document.pages for font in page.resources.Font.values()]
        return {str(font.BaseFont).partition("+")[2] for font in fonts}


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("مرحبا بالجميع", "NotoSansArabic"),
        ("שלום לכולם", "NotoSansHebrew"),
        ("ሰላም ለኩልኹም", "NotoSansEthiopic"),
        ("oversteken 🚸 👩‍👩‍👧", "NotoEmoji"),
        ("Ελλάδα Україна Việt", "NotoSans"),
    ],
)
def test_every_script_of_the_buurt_has_its_letters(session, add, text, font):
    add("doel", text)
    add("nodig", text)
    pdf = write_pdf(make(session))
    assert any(name.startswith(font) for name in find_fonts(pdf))
    assert "\ufffd" not in read_text(pdf)


@pytest.mark.parametrize(
    "text", ["W" * 300, "#let x = 1", "*a* _b_ $c$ @d <e> `f` \\g", "<script>alert(1)</script>", "\"'"]
)
def test_whatever_was_typed_is_text_and_breaks_no_page(session, add, text):
    for kind in ("doel", "actie", "nodig"):
        add(kind, text)
    found = read_text(write_pdf(make(session))).replace(" ", "")
    assert text.replace(" ", "") in found


def test_the_same_plan_is_the_same_file(session, add):
    fill(session, add)
    assert write_pdf(make(session)) == write_pdf(make(session))


# ---- The calendar ----


def read_events(session: GroupSession, *, names: bool = True) -> dict[str, dict[str, object]]:
    with override("nl"):
        calendar = Calendar.from_ical(write_calendar(read_plan_page(session.trajectory), names=names))
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def test_the_calendar_has_the_next_time_and_each_day_of_a_step(session, add):
    fill(session, add)
    add("actie", "praten", look_back=date(2027, 3, 1))
    events = read_events(session)
    assert list(events) == [
        "Bijeenkomst Vogelbuurt", "kinderen lopen veilig naar school", "tellen bij het zebrapad (Fatma)",
        "Terugkijken: praten",
    ]  # fmt: skip
    meeting = events["Bijeenkomst Vogelbuurt"]
    assert meeting["dtstart"].dt.isoformat() == "2027-06-02T19:30:00+02:00"
    assert str(meeting["location"]) == "De Merel"
    assert events["tellen bij het zebrapad (Fatma)"]["dtstart"].dt == date(2027, 2, 12)


def test_what_is_settled_is_in_no_calendar_and_a_name_only_as_on_paper(session, add):
    add("actie", "tellen", due=date(2027, 2, 12), who="Fatma", may_name=True)
    add("actie", "borden", due=date(2027, 2, 12), state="done")
    assert list(read_events(session)) == ["tellen (Fatma)"]
    assert list(read_events(session, names=False)) == ["tellen"]


def test_an_event_keeps_its_name_when_its_words_change(session, add):
    row = add("actie", "tellen", due=date(2027, 2, 12))
    (before,) = read_events(session).values()
    PlanLine.objects.filter(pk=row.pk).update(texts=["nog eens tellen"], due=date(2027, 3, 1))
    (after,) = read_events(session).values()
    assert before["uid"] == after["uid"]


def test_lines_and_commas_in_words_break_no_calendar(session, add):
    add("actie", "eerst, dan; \\n BEGIN:VEVENT 🚸", due=date(1900, 1, 1))
    assert list(read_events(session)) == ["eerst, dan; \\n BEGIN:VEVENT 🚸"]
