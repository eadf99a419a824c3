"""What people type: what nobody sees goes, what somebody means stays."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitation.typed import clean_line, read_digits

EMOJI = ("👩‍👩‍👧‍👦", "🏳️‍🌈", "🧑🏽‍🌾", "1️⃣", "🇳🇱", "🌳")
UNSEEN = (
    "\u200b", "\u200c", "\u200e", "\u202e", "\u2060", "\u2066", "\ufeff", "\u00ad", "\u3164", "\u2800", "\x85", "\x00",
)  # fmt: skip


def is_seen(line: str) -> bool:
    return any(category(sign)[0] in "LNPS" for sign in line)


@given(st.text(st.sampled_from([*"ab é.🌳می", *UNSEEN, "\u200d", "\ufe0f", "\u0301", "\t"])) | st.text())
def test_a_line_is_empty_or_can_be_seen_and_cleaning_it_again_changes_nothing(typed):
    line = clean_line(typed)
    assert line == "" or is_seen(line)
    assert clean_line(line) == line
    assert [sign for sign in line if category(sign) in ("Cc", "Cf") and sign not in "\u200c\u200d"] == []


@given(st.lists(st.sampled_from([*EMOJI, "Vogelbuurt", "’s-Hertogenbosch", "Fryslân"]), min_size=1))
def test_words_and_emoji_made_of_several_stay_whole(parts):
    assert clean_line(" ".join(parts)) == " ".join(parts)


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_line_of_signs_that_nobody_sees_is_empty(sign):
    assert clean_line(f" {sign}{sign} ") == ""


# I want, and books, in Persian; am I, in Kurdish: with nothing between, the letters would join.
@pytest.mark.parametrize("line", ["می\u200cخواهم", "کتاب\u200cها را می\u200cبینم", "ئه\u200cم ماڵه\u200cکه\u200cمان"])
def test_letters_that_have_to_stay_apart_stay_apart(line):
    assert clean_line(f" {line}\u200c ") == line
    assert clean_line(line.replace("\u200c", "\u200e\u200c\u200c\u200f")) == line


@pytest.mark.parametrize("line", ["Vogel\u200cbuurt", "\u200cVogelbuurt\u200c", "Vogel\u200c buurt"])
def test_between_letters_that_never_join_nothing_hides(line):
    assert clean_line(line) == line.replace("\u200c", "")


@pytest.mark.parametrize("typed", ["74", "٧٤", "۷۴", "७४", "７４", "𝟕𝟒"])
def test_the_digits_of_every_script_are_ours(typed):
    assert read_digits(f"a{typed}b²") == "a74b²"


def test_a_mark_that_turns_the_words_around_is_gone():
    assert clean_line("Veilig \u202enekets\u202c revo") == "Veilig nekets revo"
