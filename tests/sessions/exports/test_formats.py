"""The plan in each format, opened again by somebody else's reader and compared with what the group wrote."""

import csv
import json
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path

import docx
import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sessions.exports.formats import FORMATS, PlanToWrite, prepare_plan
from sessions.exports.markdown import write_markdown
from sessions.exports.plan_file import make_schema, read_plan_file
from sessions.exports.report import Heading, Line
from sessions.exports.steps import neutralise
from sessions.exports.word import is_right_to_left, write_word
from sessions.models import GroupSession, PlanLine, Team, Trajectory
from sessions.writing.evaluation import keep_measurement, keep_tale
from tests.actors import LEADER
from tests.plans import add_line

ROOT = Path(__file__).resolve().parent.parent.parent.parent
STEPS = ["tellen bij het zebrapad", "=borden vragen", "praten"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(session: GroupSession):
    """One golden plan, with everything in it."""

    add = partial(add_line, session.trajectory)
    goal = add("doel", "kinderen lopen veilig", due=date(2027, 6, 1))
    add("actie", STEPS[0], goal=goal.pk, who="Fatma", may_name=True, due=date(2027, 2, 12), money=Decimal("1250.50"),
        state="busy", size="chore", term="now", doer="us")  # fmt: skip
    add("actie", STEPS[1], goal=goal.pk, who="Joost", role="wijkteam", reply="looking", reply_words="we zoeken geld",
        due=date(1900, 1, 1), partners="@school")  # fmt: skip
    add("actie", STEPS[2], goal=goal.pk)
    add("nodig", "acht hesjes *en* [een] bord")
    add("voorwaarde", "مرحبا بالجميع")
    PlanLine.objects.create(trajectory=session.trajectory, kind="actie", prompt="", texts=["gestreept"], struck=True)
    return session.trajectory


def prepare(plan: Trajectory, *, names: bool = True) -> PlanToWrite:
    return prepare_plan(plan, language="nl", names=names)


def count_and_tell(plan: Trajectory) -> None:
    counted, told = add_line(plan, "tellen", "auto's"), add_line(plan, "vertellen", "wat kinderen merken")
    for day, number in ((date(2026, 3, 4), 41), (date(2026, 11, 8), Decimal("30.5"))):
        keep_measurement(plan.pk, counted.pk, Decimal(number), unit="auto's", day=day, actor=LEADER)
    keep_tale(plan.pk, told.pk, "Sam loopt nu.", actor=LEADER)


def write(plan: Trajectory, kind: str, *, names: bool = True) -> bytes:
    with override("nl"):
        return FORMATS[kind].write(prepare(plan, names=names))


@pytest.mark.parametrize("kind", ["ics", "csv", "json", "md", "txt"])  # of the packed ones their own tests look
def test_a_name_without_its_tick_is_in_no_file_and_no_name_where_none_is_asked(plan, kind):
    for names in (True, False):
        words = write(plan, kind, names=names).decode()
        assert ["Fatma" in words, "Joost" in words, "gestreept" in words] == [names, False, False]


def test_word_has_real_headings_and_a_table_with_a_head(plan):
    document = docx.Document(BytesIO(write(plan, "docx")))
    heads = [(part.style.name, part.text) for part in document.paragraphs if part.style.name.startswith("Heading")]
    assert heads == [
        ("Heading 1", "Ons plan: kinderen lopen veilig"), ("Heading 2", "Dit gaan we doen"),
        ("Heading 2", "Dit is nodig"), ("Heading 2", "Dit moet kloppen"),
    ]  # fmt: skip
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Actie", "Wie?", "Wanneer?"], [STEPS[0], "Fatma", "12 februari 2027"],
        [STEPS[1], "wijkteam", "1 januari 1900"], [STEPS[2], "", ""],
    ]  # fmt: skip
    assert "tblHeader" in table.rows[0]._tr.xml
    assert document.core_properties.title == "Ons plan: kinderen lopen veilig"
    assert "Fatma" not in docx.Document(BytesIO(write(plan, "docx", names=False))).element.xml


def test_word_writes_arabic_from_right_to_left(plan):
    document = docx.Document(BytesIO(write(plan, "docx")))
    (arabic,) = [part for part in document.paragraphs if "مرحبا" in part.text]
    assert arabic.runs[0].font.rtl
    assert "w:bidi" in arabic._p.xml


@given(st.text(max_size=60))
def test_word_holds_whatever_was_typed(text):
    kept = docx.Document(BytesIO(write_word([Heading(1, text), Line(text)], title=text, language="nl")))
    assert len(kept.paragraphs) == 2


@pytest.mark.parametrize(
    ("text", "told"), [("abc", False), ("שלום", True), ("12 مرحبا", True), ("🚸", False), ("", False)]
)
def test_the_first_letter_says_in_which_direction_it_is_read(text, told):
    assert is_right_to_left(text) == told


def test_a_spreadsheet_has_a_row_for_each_step_and_no_formula(plan):
    book = openpyxl.load_workbook(BytesIO(write(plan, "xlsx")))
    sheet = book.active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:7] == ("Doel", "Stap", "Wie", "Groep of organisatie", "Samen met", "Wanneer", "Terugkijken op")
    assert [row[1] for row in rows[1:]] == STEPS
    assert rows[1][2:6] == ("Fatma", None, None, datetime(2027, 2, 12))
    assert (rows[1][13], rows[2][15]) == (1250.5, "We zoeken het uit: we zoeken geld")
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n", "d"}
    assert sheet.freeze_panes == "A2"


def test_the_rows_of_a_csv_are_those_of_the_spreadsheet_and_no_cell_is_a_formula(plan):
    text = write(plan, "csv").decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert [row[1] for row in rows] == ["Stap", STEPS[0], "'=borden vragen", STEPS[2]]
    assert (rows[1][5], rows[1][13], rows[2][4]) == ("2027-02-12", "1250,50", "'@school")


@given(st.text(max_size=20))
def test_no_text_is_left_that_a_spreadsheet_would_carry_out(text):
    assert neutralise(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert neutralise(text).endswith(text)


def test_what_was_typed_is_text_in_markdown(plan):
    text = write(plan, "md").decode()
    assert "- acht hesjes \\*en\\* \\[een\\] bord." in text
    assert "| tellen bij het zebrapad | Fatma | 12 februari 2027 |" in text
    assert write_markdown([Line("<script>\n| # a")]) == "- \\<script\\> \\| \\# a\n"


def test_the_text_says_it_in_the_same_order(plan):
    text = write(plan, "txt").decode()
    assert text.index("Dit gaan we doen") < text.index("tellen bij het zebrapad") < text.index("Dit is nodig")


# ---- JSON, there and back ----


def test_the_file_is_as_its_schema_says_and_the_schema_stands_in_the_docs(plan):
    schema = make_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(write(plan, "json")))
    kept = (ROOT / "docs" / "plan.schema.json").read_text(encoding="utf-8")
    assert kept == json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def test_a_plan_that_was_kept_is_the_same_plan_in_another_installation(plan, tmp_path):
    count_and_tell(plan)
    file, other = tmp_path / "plan.json", Team.objects.create(name="Elders")
    call_command("export_plan", str(plan.pk), "--format", "json", "--output", str(file))
    call_command("import_plan", str(file), "--team", "Elders", stdout=(out := StringIO()))
    made = Trajectory.objects.get(team=other)
    assert out.getvalue().strip() == str(made.pk)
    before, after = (json.loads(write(one, "json")) for one in (plan, made))
    keys = {old["key"]: new["key"] for old, new in zip(before["lines"], after["lines"], strict=True)}
    for line in before["lines"]:
        line["key"] = keys[line["key"]]
        if "goal" in line:
            line["goal"] = keys[line["goal"]]
    assert before == after
    assert [line["counted"] for line in after["lines"] if "counted" in line] == [
        [
            {"day": "2026-03-04", "value": "41.00", "unit": "auto's"},
            {"day": "2026-11-08", "value": "30.50", "unit": "auto's"},
        ]
    ]
    assert [line["told"][0]["text"] for line in after["lines"] if "told" in line] == ["Sam loopt nu."]


def test_the_same_buurt_twice_is_refused(plan, tmp_path):
    file = tmp_path / "plan.json"
    call_command("export_plan", str(plan.pk), "--format", "json", "--output", str(file))
    with pytest.raises(CommandError, match="Dit team heeft al een plan van deze buurt"):
        call_command("import_plan", str(file), "--team", plan.team.name)


HEAD = '{"format":"buurtboom-plan","version":1,"buurt":"Hier","lines":'


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("", "truncated"),
        ("[]", "Expected `object`"),
        ('{"format":"iets","version":1,"buurt":"x","lines":[]}', r"\$.format"),
        ('{"format":"buurtboom-plan","version":2,"buurt":"x","lines":[]}', r"\$.version"),
        (f'{HEAD}[{{"key":1,"kind":"droom"}}]}}', r"\$.lines\[0\].kind"),
        (f'{HEAD}[{{"key":1,"kind":"actie","texts":["{"a" * 301}"]}}]}}', r"\$.lines\[0\].texts"),
        (f'{HEAD}[{{"key":1,"kind":"actie","wie":"x"}}]}}', "wie"),
        (f'{HEAD}[{{"key":1,"kind":"actie"}},{{"key":1,"kind":"actie"}}]}}', "same `key`"),
        (f'{HEAD}[{{"key":1,"kind":"actie","goal":2}}]}}', r"\$.lines\[0\].goal"),
        ("[" * 100_000, "recursion|Expected"),
        (f'{HEAD}[{{"key":1,"kind":"actie","texts":["a\\u0000b"]}}]}}', r"\$.lines\[0\].texts"),
        (HEAD.replace("Hier", "Hi\\u0000er") + "[]}", r"\$.buurt"),
        (f'{HEAD}[{{"key":1,"kind":"actie","money":"NaN"}}]}}', r"\$.lines\[0\]"),
        (f'{HEAD}[{{"key":1,"kind":"tellen","counted":[{{"day":"2026-01-02","value":"1e9"}}]}}]}}', r"\$.lines\[0\]"),
        (f'{HEAD}[{{"key":1,"kind":"tellen","counted":[{{"day":"2026-01-02","value":"1.234"}}]}}]}}', r"\$.lines\[0\]"),
        (f'{HEAD}[{{"key":1,"kind":"vertellen","told":[{{"day":"2026-01-02","text":""}}]}}]}}', "text"),
    ],
)
def test_a_file_that_is_no_plan_says_what_is_wrong_and_where_and_loads_nothing(team, tmp_path, content, where):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(CommandError, match=where):
        call_command("import_plan", str(tmp_path / "x.json"))
    assert not Trajectory.objects.exists()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_plan_or_an_error_of_ours(content):
    with suppress(ValueError):
        read_plan_file(content)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_command_writes_every_format(plan, tmp_path, kind):
    call_command("export_plan", str(plan.pk), "--format", kind, "--output", str(tmp_path / f"plan.{kind}"))
    assert (tmp_path / f"plan.{kind}").stat().st_size > 100


def test_the_command_says_what_is_not_there(team, tmp_path):
    with pytest.raises(CommandError, match="nummer 999 is er niet"):
        call_command("export_plan", "999", "--format", "pdf", "--output", str(tmp_path / "x"))


def test_the_command_says_where_it_cannot_write(plan, tmp_path):
    with pytest.raises(CommandError, match="kunnen we niet schrijven"):
        call_command("export_plan", str(plan.pk), "--format", "md", "--output", str(tmp_path))
