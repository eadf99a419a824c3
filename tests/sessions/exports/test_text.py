"""The summary as plain text: golden words in a fixed order."""

import datetime
import uuid

from content.languages import BASE
from sessions.exports.text import write_text
from sessions.reading import read_summary
from sessions.rules.asking import Ballot
from sessions.rules.commands import Again, Back, Close, Decide, Next, Open, Reveal, Start
from sessions.writing.seats import take_seat
from sessions.writing.votes import cast_vote
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.plans import fill_line, make_line

TURNED_BACK = """\
Veilig oversteken
=================

Vogelbuurt, {day}

Wie waren er: 3 inwoners.

Ons beeld van de buurt
----------------------

Hier staat nog niets.

Van een besluit dat is teruggedraaid:
- Verhalen: Ons probleem in één zin is: auto's rijden te hard

De weg die we liepen
--------------------

Startfase: samen de buurt ontdekken
~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~

Waarom beginnen we? (teruggedraaid)
- Stemmen: A 2, B 1, C 0, D 0, E 0
- Inwoners: A 2, B 1
- Besluit: A. Er is een probleem dat we willen aanpakken.
- Besloten met de stemming.
- Waarom: Het is hard nodig.
- Ander geluid: Ik zie het anders.
- Waarom terug: Eerst nog praten.

Voor wie is dit een probleem? (teruggedraaid, niet afgemaakt)

Waarom beginnen we? (tweede keer, niet afgemaakt)

Inhoud: Buurtboom, uitgave {edition}.
"""

DECIDED = """\
Veilig oversteken
=================

Vogelbuurt, {day}

Wie waren er: 6 inwoners, 5 wijkprofessionals, 1 beleidsambtenaar.

Dit spraken we af
-----------------

- Actie: meten (Fatma, 1 maart 2026)
- Actie: verven (nog geen naam)

Ons beeld van de buurt
----------------------

- Verhalen: Ons probleem in één zin is: auto's rijden te hard

De weg die we liepen
--------------------

Startfase: samen de buurt ontdekken
~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~

Waarom beginnen we?
- Stemmen: A 3, B 3, C 0, D 0, E 0
- A en B waren gelijk.
- Tweede stemming: A 3, B 3, C 0, D 0, E 0
- Inwoners: A 2, B 1
- Wijkprofessionals en beleidsambtenaren samen: A 1, B 2
- A en B waren gelijk.
- Besluit: A. Er is een probleem dat we willen aanpakken.
- Besloten in gesprek.
- Waarom: Het is hard nodig.
- Om over na te denken: Een probleem geeft energie. Mensen willen iets doen
  als ze ergens last van hebben, bijvoorbeeld van auto's die te hard rijden of
  van zwerfafval. Gaat het lang alleen over het probleem, dan kun je ook moe
  of boos worden. En soms ziet een ander het probleem heel anders.

Dit kwamen we tegen
-------------------

- Werkzaam element 3: Volg de energie. Dit werkt als je begint bij wat
  bewoners zelf dringend vinden.
- Werkzaam element 4: Oplossingsgericht werken. Dit werkt als je na 'wat gaat
  er mis' ook vraagt 'hoe ziet het eruit als het goed gaat'.
- Aanpak die al bestaat: Buurtbestuurt. Hier kiezen bewoners, politie en
  gemeente samen wat eerst aan de beurt is.

Inhoud: Buurtboom, uitgave {edition}.
"""


def run(session, *commands):
    for command in commands:
        session.refresh_from_db()
        run_command(session.code, command, seen=session.version, actor=LEADER)


def vote(session, round_=1, **answers):
    for role, chosen in answers.items():
        for answer in chosen:
            person = take_seat(session.code, uuid.uuid4(), role)
            cast_vote(Ballot(person.pk, round_, answer))


def test_the_plan_comes_first_and_the_road_with_votes_and_reasons_after_it(session):
    run(session, Start(), Open())
    for answer in ("probleem", "probleem", "wens"):
        person = take_seat(session.code, uuid.uuid4(), "inwoner")
        cast_vote(Ballot(person.pk, 1, answer))
    run(
        session,
        Close(),
        Reveal(),
        Decide(answer="probleem", how="vote", why="Het is hard nodig.", other="Ik zie het anders."),
        Next(),
        Back(why="Eerst nog praten."),
    )
    line = session.plan_lines.get()
    fill_line(line, "auto's rijden te hard")
    text = write_text(read_summary(session, BASE))
    day = text.splitlines()[3].removeprefix("Vogelbuurt, ")
    assert text == TURNED_BACK.format(day=day, edition=session.edition.name)


def test_what_was_decided_is_told_as_on_the_page_with_the_roles_a_tie_and_what_the_group_met(session):
    run(session, Start(), Open())
    vote(session, inwoner=("probleem", "probleem", "wens"), wijkprofessional=("wens", "wens", "probleem"))
    run(session, Close(), Reveal(), Again(), Open())
    vote(session, round_=2, inwoner=("probleem", "probleem", "wens"), wijkprofessional=("wens", "wens"))
    vote(session, round_=2, beleidsambtenaar=("probleem",))
    run(
        session,
        Close(),
        Reveal(),
        Decide(answer="probleem", how="talk", why="Het is hard nodig."),
    )
    line = session.plan_lines.get()
    fill_line(line, "auto's rijden te hard")
    make_line(session, kind="actie", prompt="", texts=["meten"], who="Fatma", due=datetime.date(2026, 3, 1))
    make_line(session, kind="actie", prompt="", texts=["verven"])
    text = write_text(read_summary(session, BASE))
    day = text.splitlines()[3].removeprefix("Vogelbuurt, ")
    assert text == DECIDED.format(day=day, edition=session.edition.name)


def test_counts_that_were_not_revealed_are_not_in_the_text(session):
    run(session, Start(), Open())
    person = take_seat(session.code, uuid.uuid4(), "inwoner")
    cast_vote(Ballot(person.pk, 1, "wens"))
    run(session, Close())
    assert "Stemmen" not in write_text(read_summary(session, BASE))


def test_a_whole_walk_in_every_phase_can_be_written(session, library):
    for tree in library.trees:
        session.phase = tree.phase
        session.save()
        session.rounds.all().delete()
        run(session, Start())
        assert tree.central[0].question in write_text(read_summary(session, BASE))
