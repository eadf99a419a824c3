"""Words that more than one page says: one vote is no votes, on any screen or paper."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from sessions.reading import Voice
from sessions.reading.dates import Held
from sessions.rules.plan import KINDS
from sessions.words import (
    ask_one_more,
    count_voice,
    end_sentence,
    join_words,
    label_blank,
    name_kind,
    name_one,
    name_role_in_short,
    name_sources,
    name_voice,
    name_voice_in_short,
    name_votes,
    say_day,
    say_full_day,
    say_held,
    say_held_back,
    say_how,
    say_ordinal,
    say_since,
)


@pytest.mark.parametrize(("count", "word"), [(0, "stemmen"), (1, "stem"), (2, "stemmen"), (11, "stemmen")])
def test_one_is_a_vote_and_the_rest_are_votes(count, word):
    assert name_votes(count) == word


@pytest.mark.parametrize(
    ("count", "alone", "pooled"),
    [
        (1, "inwoner", "wijkprofessional of beleidsambtenaar"),
        (0, "inwoners", "professionals en ambtenaren samen"),
        (5, "inwoners", "professionals en ambtenaren samen"),
    ],
)
def test_behind_a_number_stands_who_it_is(library, count, alone, pooled):
    first, *others = library.roles
    assert name_voice_in_short(Voice((first,), count)) == alone
    assert name_voice_in_short(Voice(tuple(others), count)) == pooled
    assert name_role_in_short(first, count) == alone


def test_in_full_one_of_a_pool_is_one_of_them(library):
    pool = library.roles[1:]
    assert name_voice(Voice(pool, 1)) == "wijkprofessional of beleidsambtenaar"
    assert name_voice(Voice(pool, 2)) == "wijkprofessionals en beleidsambtenaren"


@pytest.mark.parametrize(
    ("phones", "hands", "said"),
    [(1, 1, "1 telefoon, 1 hand"), (3, 11, "3 telefoons, 11 handen"), (3, 1, "3 telefoons, 1 hand")],
)
def test_phones_and_hands_are_counted_in_words_of_their_own(phones, hands, said):
    assert name_sources(SimpleNamespace(phones=phones, hands=hands)) == said


def test_a_voice_is_counted_in_full(library):
    assert [count_voice(Voice(library.roles[:1], count)) for count in (1, 3)] == ["1 inwoner", "3 inwoners"]


@pytest.mark.parametrize(
    ("hands", "held_back", "said"),
    [
        (0, 2, "Te weinig telefoons om te laten zien zonder dat je ziet wie wat koos."),
        (1, 1, "1 hand. Ook 1 telefoon stemde; dat laten we niet zien."),
        (9, 2, "9 handen. Ook 2 telefoons stemden; dat laten we niet zien."),
    ],
)
def test_of_phones_that_are_held_back_only_the_number_is_said(hands, held_back, said):
    assert say_held_back(SimpleNamespace(hands=hands, held_back=held_back)) == said


def test_each_kind_of_plan_line_has_all_its_names():
    assert [(name_kind(kind), name_one(kind), ask_one_more(kind)) for kind in KINDS if kind in ("doel", "actie")] == [
        ("Dit willen we bereiken", "Doel", "Nog een doel …"),
        ("Dit gaan we doen", "Actie", "Nog een stap …"),
    ]
    assert all(name_kind(kind) and name_one(kind) and ask_one_more(kind) for kind in KINDS)


def test_a_blank_is_called_by_its_prompt_or_by_what_is_asked():
    asked, own = SimpleNamespace(prompt="… doet: …", kind="wie"), SimpleNamespace(prompt="", kind="actie")
    assert [label_blank("doet:", asked), label_blank("", asked), label_blank("", own)] == [
        "doet:", "Wie", "Dit gaan we doen",
    ]  # fmt: skip


@pytest.mark.parametrize(("number", "word"), [(1, "eerste"), (6, "zesde"), (7, "7e"), (0, "0e")])
def test_what_comes_in_order_is_said_in_words_as_long_as_there_are_words(number, word):
    assert say_ordinal(number) == word


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A en B"), (["A", "B", "C"], "A, B en C")]
)
def test_words_are_joined_as_one_says_them(parts, said):
    assert join_words(parts) == said


@pytest.mark.parametrize(("typed", "closed"), [("Zo is het", "Zo is het."), ("Echt?", "Echt?"), ("", "")])
def test_a_sentence_that_somebody_typed_is_closed(typed, closed):
    assert end_sentence(typed) == closed


def test_a_decision_says_how_it_was_taken():
    assert say_how("talk") == "Besloten in gesprek."


def test_a_day_has_its_year_where_it_is_another_one(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 20, 20, 15, tzinfo=UTC))
    assert [say_day(date(2026, 2, 12)), say_day(date(2027, 2, 12))] == ["12 februari", "12 februari 2027"]
    assert say_full_day(date(2026, 2, 12)) == "12 februari 2026"
    assert say_held(Held(date(2026, 11, 20), date(2026, 11, 20))) == "vrijdag 20 november 2026"
    assert say_held(Held(date(2026, 11, 20), date(2026, 11, 27))) == (
        "vrijdag 20 november 2026 tot en met vrijdag 27 november 2026"
    )
    assert say_since(datetime(2026, 11, 20, 18, 42, tzinfo=UTC)) == "vandaag om 19.42 uur"
    assert say_since(datetime(2026, 1, 20, 18, 42, tzinfo=UTC)) == "dinsdag 20 januari"
