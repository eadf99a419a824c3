"""Numbers and the words behind them: one vote is no votes, on any screen."""

from types import SimpleNamespace

import pytest

from facilitation.templatetags.look import role_in_short, sources_in_words, voice_in_short, voice_words, vote_word
from sessions.reading import Voice


@pytest.mark.parametrize(("count", "word"), [(0, "stemmen"), (1, "stem"), (2, "stemmen"), (11, "stemmen")])
def test_one_is_a_vote_and_the_rest_are_votes(count, word):
    assert vote_word(count) == word


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
    assert voice_in_short(Voice((first,), count)) == alone
    assert voice_in_short(Voice(tuple(others), count)) == pooled
    assert role_in_short(first, count) == alone


def test_in_full_one_of_a_pool_is_one_of_them(library):
    pool = library.roles[1:]
    assert voice_words(Voice(pool, 1)) == "wijkprofessional of beleidsambtenaar"
    assert voice_words(Voice(pool, 2)) == "wijkprofessionals en beleidsambtenaren"


@pytest.mark.parametrize(
    ("phones", "hands", "said"),
    [(1, 1, "1 telefoon, 1 hand"), (3, 11, "3 telefoons, 11 handen"), (3, 1, "3 telefoons, 1 hand")],
)
def test_phones_and_hands_are_counted_in_words_of_their_own(phones, hands, said):
    assert sources_in_words(SimpleNamespace(phones=phones, hands=hands)) == said
