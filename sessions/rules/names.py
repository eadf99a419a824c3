"""Names that people type: when two spellings are the same one. Pure."""


def tidy_name(name: str) -> str:
    """A name without needless spaces."""
    return " ".join(name.split())


def fold_name(name: str) -> str:
    """What two spellings of one name have in common: `Vogelbuurt` and ` vogelbuurt`."""
    return tidy_name(name).casefold()
