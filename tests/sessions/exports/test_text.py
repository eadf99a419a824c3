"""The summary as plain text: golden words in a fixed order."""

import uuid

from sessions import machine
from sessions.commands import run_command, write_plan_line
from sessions.exports.text import write_text
from sessions.queries import read_summary
from sessions.seats import take_seat
from sessions.votes import Ballot, cast_vote


def run(session, *commands):
    for command in commands:
        session.refresh_from_db()
        run_command(session.code, command, seen=session.version)


def test_the_plan_comes_first_and_the_road_with_votes_and_reasons_after_it(session):
    run(session, machine.Start(), machine.Open())
    for answer in ("probleem", "probleem", "wens"):
        person = take_seat(session.code, uuid.uuid4(), "inwoner")
        cast_vote(Ballot(person.pk, 1, answer))
    run(
        session,
        machine.Close(),
        machine.Reveal(),
        machine.Decide(answer="probleem", how="vote", why="Het is hard nodig.", other="Ik zie het anders."),
        machine.Next(),
        machine.Back(why="Eerst nog praten."),
    )
    line = session.plan_lines.get()
    write_plan_line(session.code, line.pk, texts=["auto's rijden te hard"])
    text = write_text(read_summary(session))
    day = text.splitlines()[3].removeprefix("Vogelbuurt, ")
    assert (
        text
        == f"""\
Veilig oversteken
=================

Vogelbuurt, {day}

Wie waren er: 3 inwoners.

Ons buurtbeeld
--------------

- Verhalen: Ons probleem in één zin is: auto's rijden te hard

De weg die we liepen
--------------------

Waarom beginnen we? (teruggedraaid)
- Stemmen: A 2, B 1, C 0, D 0, E 0
- Besluit: A. Er is een probleem dat we willen aanpakken.
- Waarom: Het is hard nodig.
- Een ander geluid: Ik zie het anders.
- Waarom terug: Eerst nog praten.

Voor wie is dit een probleem? (teruggedraaid, niet afgemaakt)

Waarom beginnen we? (2e keer, niet afgemaakt)

Inhoud: Buurtboom, uitgave {session.edition.name}.
"""
    )


def test_counts_that_were_not_revealed_are_not_in_the_text(session):
    run(session, machine.Start(), machine.Open())
    person = take_seat(session.code, uuid.uuid4(), "inwoner")
    cast_vote(Ballot(person.pk, 1, "wens"))
    run(session, machine.Close())
    assert "Stemmen" not in write_text(read_summary(session))


def test_a_whole_walk_in_every_phase_can_be_written(session, library):
    for tree in library.trees:
        session.phase = tree.phase
        session.save()
        session.rounds.all().delete()
        run(session, machine.Start())
        assert tree.central[0].question in write_text(read_summary(session))
