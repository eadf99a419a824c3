"""Lines that people type: what nobody sees goes, what somebody means stays."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitation.forms import clean_line

EMOJI = ("👩‍👩‍👧‍👦", "🏳️‍🌈", "🧑🏽‍🌾", "1️⃣", "🇳🇱", "🌳")
UNSEEN = (
    "\u200b", "\u200c", "\u200e", "\u202e", "\u2060", "\u2066", "\ufeff", "\u00ad", "\u3164", "\u2800", "\x85", "\x00",
)  # fmt: skip


def is_seen(line: str) -> bool:
    return any(category(sign)[0] in "LNPS" for sign in line)


@given(st.text(st.sampled_from([*"ab é.🌳", *UNSEEN, "\u200d", "\ufe0f", "\u0301", "\t"])) | st.text())
def test_a_line_is_empty_or_can_be_seen_and_cleaning_it_again_changes_nothing(typed):
    line = clean_line(typed)
    assert line == "" or is_seen(line)
    assert clean_line(line) == line
    assert [sign for sign in line if category(sign) in ("Cc", "Cf") and sign != "\u200d"] == []


@given(st.lists(st.sampled_from([*EMOJI, "Vogelbuurt", "’s-Hertogenbosch", "Fryslân"]), min_size=1))
def test_words_and_emoji_made_of_several_stay_whole(parts):
    assert clean_line(" ".join(parts)) == " ".join(parts)


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_line_of_signs_that_nobody_sees_is_empty(sign):
    assert clean_line(f" {sign}{sign} ") == ""


def test_a_mark_that_turns_the_words_around_is_gone():
    assert clean_line("Veilig \u202enekets\u202c revo") == "Veilig nekets revo"
