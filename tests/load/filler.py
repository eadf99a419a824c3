"""What baseline and floor send to a phone: as large as a new question of ours."""

QUESTION = "Wat is er aan de hand in onze buurt, en wie heeft daar last van? " * 46  # about 3 KB
CHOICES = ("probleem", "wens", "kans")


def write_state(version: int, round_number: int) -> dict[str, object]:
    """A whole state, with a vote that is open."""
    return {
        "type": "state",
        "version": version,
        "scene": "question",
        "status": "open",
        "html": f"<p>{QUESTION}</p>",
        "round": round_number,
        "choices": CHOICES,
    }


def write_counts(version: int, voted: int, entitled: int) -> dict[str, object]:
    return {"type": "counts", "version": version, "html": f"<p><b>{voted} van {entitled}</b> gestemd</p>"}
