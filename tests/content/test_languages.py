"""Texts of the content in another language hang on the same slugs."""

import pytest

from content.editions import load_library
from content.graph import Library
from content.languages import BASE, LANGUAGES, translate_library
from content.models import Edition


def test_the_language_of_the_content_is_there_as_it_is(shipped: Library) -> None:
    assert BASE in LANGUAGES
    assert translate_library(shipped, BASE) is shipped


def test_a_language_without_texts_is_no_half_translation(shipped: Library) -> None:
    with pytest.raises(LookupError, match="no texts in 'tlh': choose from nl"):
        translate_library(shipped, "tlh")


def test_an_edition_is_kept_ready_by_its_language(edition: Edition) -> None:
    assert load_library(edition.pk, BASE) is load_library(edition.pk, BASE)
    with pytest.raises(LookupError):
        load_library(edition.pk, "tlh")
