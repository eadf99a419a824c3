"""The languages in which the content can be read. The texts of another language hang on the same slugs."""

from content.graph import Library

BASE = "nl"  # in which the content is written; slugs, roles and ways are the same in every language
LANGUAGES = (BASE,)


def translate_library(library: Library, language: str) -> Library:
    """The library with its texts in this language. Raises LookupError when there are none."""
    if language not in LANGUAGES:
        raise LookupError(f"no texts in {language!r}: choose from {', '.join(LANGUAGES)}")
    return library
