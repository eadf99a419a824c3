"""What people type, as we read it: on any keyboard, in any script. Pure: no Django."""

import re
from unicodedata import bidirectional, category, decimal, normalize

JOINER = "\u200d"  # makes one emoji of several: a family, a flag
NON_JOINER = "\u200c"  # keeps letters of one word apart: Persian and Kurdish cannot be written without
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and a symbol, says Unicode; empty, says the eye


def clean_line(text: str) -> str:
    """One line: white space folded, and nothing in it that nobody sees. Empty when nothing is left to see.

    Controls go (PostgreSQL keeps no NUL, and nobody reads a bell), and so do marks that turn or join letters unseen.
    """
    shown = (" " if category(sign) == "Cc" else sign for sign in text if not _is_unseen(sign))
    signs = re.sub(f"{NON_JOINER}+", NON_JOINER, "".join(shown))
    around = zip(f" {signs}", signs, f"{signs[1:]} ", strict=False)
    kept = (sign for before, sign, after in around if sign != NON_JOINER or _join(before, after))
    line = " ".join("".join(kept).split())
    return line if any(category(sign)[0] in "LNPS" for sign in line) else ""


def read_digits(text: str) -> str:
    """The same text, with the digits of every script as ours."""
    return "".join(str(decimal(sign, sign)) for sign in text)


def read_signs(text: str) -> str:
    """Letters and digits alone, as capitals: people put spaces, dots and dashes between them."""
    plain = read_digits(normalize("NFKC", text))
    return "".join(sign for sign in plain if category(sign)[0] not in "ZPCS").upper()


def _is_unseen(sign: str) -> bool:
    return (category(sign) == "Cf" and sign not in (JOINER, NON_JOINER)) or sign in BLANKS


def _join(before: str, after: str) -> bool:
    """Whether these are letters that would join, in Arabic script or with a mark that makes them."""
    return bidirectional(before) in ("AL", "NSM") and category(after)[0] == "L"
