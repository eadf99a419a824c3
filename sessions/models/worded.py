"""What a line of the plan and each step of its history hold alike."""

from django.db import models

from sessions.rules.plan import Words

NAMES, TEXT, WORD = 80, 300, 10  # characters


def _day() -> models.DateField:
    return models.DateField(null=True, blank=True)


def _text(length: int) -> models.CharField:
    return models.CharField(max_length=length, blank=True, default="")


class Worded(models.Model):
    """A row with the columns of a line, read and written as one value. What each holds, says `Words`."""

    texts = models.JSONField(default=list)
    who, role, reply_by = _text(NAMES), _text(NAMES), _text(NAMES)
    may_name = models.BooleanField(default=False)
    partners, needs, follow_up, reply_words = _text(TEXT), _text(TEXT), _text(TEXT), _text(TEXT)
    money = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    money_from = _text(NAMES)
    size, term, doer, state, reply = _text(WORD), _text(WORD), _text(WORD), _text(WORD), _text(WORD)
    due, look_back, reply_on, reply_due = _day(), _day(), _day(), _day()
    goal = models.ForeignKey(
        "live_sessions.PlanLine", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    struck = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def words(self) -> Words:
        """All that people wrote in it."""
        values = {name: getattr(self, "goal_id" if name == "goal" else name) for name in Words._fields[1:]}
        return Words(tuple(self.texts), **values)

    @words.setter
    def words(self, words: Words) -> None:
        self.texts = list(words.texts)
        for name, value in words._asdict().items():
            if name != "texts":
                setattr(self, "goal_id" if name == "goal" else name, value)
