"""A summary is made into blocks once, and a format only writes blocks."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from django.db import connection, models
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from content.languages import BASE
from sessions.exports.report import Action, Chart, Heading, Line, Table, Text, make_report
from sessions.exports.text import write_blocks, write_text
from sessions.reading import read_summary
from sessions.rules.commands import Next, Start
from tests.facilitation.walking import Group
from tests.plans import make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def walked(session):
    group = Group(session, inwoner=4, wijkprofessional=3)
    group.do(Start())
    group.reveal("A", "A", "B", "B", "A", "B", "B")
    group.decide("A", why="Daar gaat het om", other="Liever wachten")
    group.do(Next())
    make_line(session, kind="actie", prompt="", texts=["een zebrapad"], who="Fatma", due=date(2027, 2, 12))
    make_line(session, kind="actie", prompt="", texts=["een bank"])
    return session


def list_values(value: Any) -> Iterator[Any]:
    """A value with all that it holds."""
    yield value
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from list_values(getattr(value, name))
    elif isinstance(value, dict):
        for part in value.values():
            yield from list_values(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from list_values(part)


def test_a_summary_is_plain_values_and_nothing_of_it_asks_the_database_later(walked):
    summary = read_summary(walked, BASE)
    held = list(list_values(summary))
    assert [value for value in held if isinstance(value, Model | models.Manager | models.QuerySet)] == []
    assert len(held) > 100
    with CaptureQueriesContext(connection) as queries:
        write_text(summary)
    assert len(queries) == 0


def test_a_report_tells_plan_and_road_in_blocks(walked):
    blocks = make_report(read_summary(walked, BASE))
    headings = [(block.level, block.text) for block in blocks if isinstance(block, Heading)]
    assert headings[:3] == [(1, "Veilig oversteken"), (2, "Dit spraken we af"), (2, "De weg die we liepen")]
    assert [block for block in blocks if isinstance(block, Action)] == [
        Action("Actie", "een zebrapad", "Fatma", date(2027, 2, 12)),
        Action("Actie", "een bank", "nog geen naam"),
    ]
    (chart,) = [block for block in blocks if isinstance(block, Chart)]
    assert chart == Chart(
        "Stemmen",
        (("A", 3), ("B", 4), ("C", 0), ("D", 0), ("E", 0)),
        (("Inwoners", (("A", 2), ("B", 2))), ("Wijkprofessionals", (("A", 1), ("B", 2)))),
        (),
    )
    assert Line("Daar gaat het om", "Waarom") in blocks
    assert Line("Liever wachten", "Ander geluid") in blocks
    assert blocks[-1].text.startswith("Inhoud: Buurtboom, uitgave ")


def test_text_writes_every_kind_of_block():
    blocks = [
        Heading(1, "Verslag"),
        Text("Vogelbuurt"),
        Heading(2, "Plan"),
        Action("Actie", "een bank", "Fatma", date(2027, 2, 12)),
        Line("zonder naam ervoor"),
        Table(("wie", "wat"), (("Fatma", "bank"), ("Kees", "boom"))),
        Heading(4, "Een vraag"),
        Chart("Stemmen", (("A", 1),), (("Inwoners", (("A", 1),)),), ("A en B waren gelijk.",)),
        Chart("Tweede stemming", (), (), ("Er is niet gestemd.",)),
    ]
    assert write_blocks(blocks) == (
        "Verslag\n=======\n\nVogelbuurt\n\nPlan\n----\n\n"
        "- Actie: een bank (Fatma, 12 februari 2027)\n- zonder naam ervoor\n\n"
        "- wie: Fatma, wat: bank\n- wie: Kees, wat: boom\n\n"
        "Een vraag\n- Stemmen: A 1\n- Inwoners: A 1\n- A en B waren gelijk.\n- Tweede stemming: Er is niet gestemd.\n"
    )
