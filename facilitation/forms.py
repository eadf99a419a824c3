"""What people fill in, checked in one place and answered in plain Dutch."""

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4

import msgspec
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from content.graph import Library
from content.structs import learn
from facilitation.typed import clean_line, read_digits
from sessions import words
from sessions.models import Team, Trajectory
from sessions.rules.commands import COMMANDS, Command
from sessions.rules.evaluation import COUNTED, TALE_LENGTH, TOLD, UNIT_LENGTH
from sessions.rules.names import fold_name
from sessions.rules.plan import STATES
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import LINE_LENGTH, Fate, Option
from sessions.writing.hands import Count
from sessions.writing.offers import Offering

learn(*COMMANDS.values())

FIRST_YEAR, YEARS_AHEAD = 2020, 10  # between which an action can be due
MOST_TYPED = 2000  # characters of a line as typed; what is longer is not folded first
# Which refusal belongs to a field of a command that is missing or wrong.
MISSING = {
    "answer": Reason.ANSWER_MISSING,
    "answers": Reason.ANSWER_MISSING,
    "subject": Reason.UNKNOWN_LINE,
    "how": Reason.HOW_MISSING,
    "why": Reason.WHY_MISSING,
    "choice": Reason.NO_SUCH_WAY,
    "card": Reason.UNKNOWN_CARD,
    "number": Reason.CHAIRS_NUMBER,
    "leaf": Reason.NOT_NOW,
    "goal": Reason.UNKNOWN_LINE,
}


class LineField(forms.CharField):
    """One line of free text, cleaned, with a clear message when it is too long."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.error_messages["max_length"] = _("Dat is te lang. Maak er %(limit_value)d tekens van, of minder.")
        self.error_messages["null_characters_not_allowed"] = _("Er staat een teken in dat we niet kunnen lezen.")

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class SessionForm(forms.Form):
    """A new session: in under a minute."""

    title = LineField(
        max_length=120, error_messages={"required": _("Geef de bijeenkomst een naam. Bijvoorbeeld: Veilig oversteken.")}
    )
    buurt = LineField(
        max_length=80, required=False, error_messages={"required": _("Vul de naam van de buurt in.")}
    )  # of a group that begins
    phase = forms.ChoiceField(
        error_messages={
            "required": _("Kies een fase uit de lijst."),
            "invalid_choice": _("Die fase kennen we niet. Kies een fase uit de lijst."),
        }
    )
    practice = forms.BooleanField(required=False)
    trajectory = forms.IntegerField(required=False, min_value=1, max_value=2**31)  # with which it goes on
    team = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        error_messages={
            "required": _("Kies van welk team deze bijeenkomst is."),
            "invalid_choice": _("Kies een team uit de lijst."),
        },
    )

    def __init__(
        self, *args: Any, library: Library, teams: QuerySet[Team], known: Collection[Trajectory] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._known = known
        cast("forms.ModelChoiceField", self.fields["team"]).queryset = teams
        self.only_team = teams[0] if len(teams[:2]) == 1 else None  # then nobody is asked
        self.fields["team"].required = self.only_team is None
        phases = [(tree.phase, f"{tree.phase.capitalize()}: {tree.title.lower()}") for tree in library.trees]
        cast("forms.ChoiceField", self.fields["phase"]).choices = phases

    def clean_team(self) -> Team:
        return self.only_team or self.cleaned_data["team"]

    def clean(self) -> dict[str, Any]:
        """A meeting goes on with a buurt that was chosen, or begins one: a spelling is no choice."""
        data = super().clean() or self.cleaned_data
        chosen = next((there for there in self._known if there.pk == data.get("trajectory")), None)
        if chosen:
            self.errors.pop("team", None)
            data |= {"buurt": chosen.buurt, "team": chosen.team}
        if data.get("trajectory"):
            return data
        buurt, has_choice = data.get("buurt", ""), "trajectory" in self.data
        if not buurt and "buurt" not in self.errors:
            self.add_error("buurt", self.fields["buurt"].error_messages["required"])
        is_known = any(fold_name(there.buurt) == fold_name(buurt) for there in self._known_of(data.get("team")))
        if has_choice and is_known and not data.get("practice"):
            self.add_error("buurt", gettext("Deze buurt staat al in de lijst. Kies hem daar."))
        return data

    def _known_of(self, team: Team | None) -> list[Trajectory]:
        return [there for there in self._known if team is None or there.team_id == team.pk]

    @property
    def token(self) -> UUID:
        """Which form this is, also when it is sent twice. A new one for a form that nobody sent."""
        try:
            return UUID(self.data.get("token", ""))
        except ValueError:
            return uuid4()


class TitleForm(forms.Form):
    """Another title for a session."""

    title = LineField(max_length=120, error_messages={"required": _("Geef de bijeenkomst een naam.")})


class WifiForm(forms.Form):
    """The wifi of the hall: a name of at most 32 bytes, and a password as WPA knows it, if the facilitator wants."""

    name = LineField(max_length=32, required=False)
    password = forms.CharField(max_length=63, required=False)

    def read(self) -> tuple[str, str]:
        """The name and the password. Raises Refused."""
        if not self.is_valid() or len(self.cleaned_data["name"].encode()) > 32:
            raise Refused(Reason.WIFI_NAME if "password" not in self.errors else Reason.WIFI_PASSWORD)
        name, password = self.cleaned_data["name"], self.cleaned_data["password"]
        if password and not re.fullmatch(r"[ -~]{8,63}", password):
            raise Refused(Reason.WIFI_PASSWORD)
        return name, password


class DayField(forms.DateField):
    """A day of the plan, which may stay open. A slip of the keys makes year 0226 or 20266."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)
        self.error_messages["invalid"] = _("Deze datum kennen we niet. Kies een dag, of schrijf hem als 2026-03-01.")

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        last = timezone.localdate().year + YEARS_AHEAD
        if day and not FIRST_YEAR <= day.year <= last:
            raise forms.ValidationError(
                gettext("Kies een dag van %(first)d tot en met %(last)d.") % {"first": FIRST_YEAR, "last": last}
            )
        return day


def _read_decimal(value: Any, *, minus: bool = False) -> Decimal | None:
    """A number as people write it: `41`, `1.250,50`, `12,5`. None where nothing stands. Raises ValueError."""
    text = re.sub(r"\s", "", read_digits(str(value or "")))
    if "," in text or re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "").replace(",", ".")
    if text and not re.fullmatch(r"-?\d{1,7}(\.\d{1,2})?" if minus else r"\d{1,7}(\.\d{1,2})?", text):
        raise ValueError(text)
    return Decimal(text) if text else None


class MoneyField(forms.CharField):
    """An amount in euros: `250`, `€ 1.250,50`."""

    def clean(self, value: Any) -> Decimal | None:
        try:
            return _read_decimal(str(value or "").replace("€", ""))
        except ValueError as error:
            raise forms.ValidationError(gettext("Dit bedrag kennen we niet. Schrijf het als 250 of 250,50.")) from error


class NumberField(forms.CharField):
    """A number that was counted or measured."""

    def clean(self, value: Any) -> Decimal:
        try:
            number = _read_decimal(value, minus=True)
        except ValueError as error:
            raise forms.ValidationError(gettext("Dit getal kennen we niet. Schrijf het als 41 of 2,5.")) from error
        if number is None:
            raise forms.ValidationError(gettext("Vul een getal in."))
        return number


class FieldsForm(forms.Form):
    """A form of which only some fields may be sent: with each stands what, as far as that page knew, was there."""

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        self.sent = frozenset(data or ())
        if data is not None:
            typed, data = data, QueryDict(mutable=True)
            for name, value in (initial or {}).items():
                data[name] = value  # shown again, when another field is refused
            data.update(cast("dict[str, Any]", typed))
        super().__init__(data, initial=dict(initial or {}))

    def full_clean(self) -> None:
        """What was not sent cannot be wrong."""
        super().full_clean()
        for name in [name for name in self.errors if name not in self.sent]:
            del self.errors[name]

    @property
    def was(self) -> dict[str, str]:
        """Field by field what stood there, as it stands in a form, for those that were sent."""
        return {name: str(self.data.get(f"was-{name}", "")) for name in self.fields if name in self.sent}

    def read(self) -> dict[str, Any]:
        """What was typed in the fields that were sent."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.sent}


class NextTimeForm(FieldsForm):
    """When and where the group meets again."""

    day = DayField(label=_("Welke dag?"))
    hour = forms.TimeField(
        label=_("Hoe laat?"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        required=False,
        error_messages={"invalid": _("Deze tijd kennen we niet. Schrijf hem als 19:30.")},
    )
    place = LineField(label=_("Waar?"), max_length=80, required=False)


def _choose(label: Any, names: Mapping[str, str], empty: Any) -> forms.ChoiceField:
    """One of these, or none."""
    return forms.ChoiceField(
        label=label,
        choices=[("", empty), *((slug, gettext_lazy(name)) for slug, name in names.items())],
        required=False,
        error_messages={"invalid_choice": _("Kies iets uit de lijst.")},
    )


def _choose_goal() -> forms.TypedChoiceField:
    """The goal that a line serves, or none. Its form knows which goals there are."""
    return forms.TypedChoiceField(
        label=_("Bij welk doel hoort dit?"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Kies iets uit de lijst.")},
    )


class PlanLineForm(FieldsForm):
    """One line of the plan: a text for each blank of its prompt, and all else that a line can know."""

    who = LineField(label=_("Wie zorgt hiervoor?"), max_length=80, required=False)
    may_name = forms.BooleanField(label=_("Deze naam mag erbij staan"), required=False)
    role = LineField(label=_("Van welke groep of organisatie?"), max_length=80, required=False)
    partners = LineField(label=_("Samen met"), max_length=300, required=False)
    due = DayField(label=_("Wanneer klaar?"))
    look_back = DayField(label=_("Terugkijken op"))
    state = _choose(_("Hoe staat het?"), words.STATES, _("Nog niet begonnen"))
    follow_up = LineField(label=_("Wat doen we nu?"), max_length=300, required=False)
    goal = _choose_goal()
    size = _choose(_("Hoe groot is het?"), words.SIZES, _("Nog niet gekozen"))
    term = _choose(_("Wanneer ongeveer?"), words.TERMS, _("Nog niet gekozen"))
    doer = _choose(_("Wie is aan zet?"), words.DOERS, _("Nog niet gekozen"))
    needs = LineField(label=_("Wat is hiervoor nodig?"), max_length=300, required=False)
    money = MoneyField(label=_("Hoeveel geld?"), required=False)
    money_from = LineField(label=_("Waar komt het geld vandaan?"), max_length=80, required=False)
    reply = _choose(_("Wat zegt de gemeente?"), words.REPLIES, _("Nog geen antwoord"))
    reply_words = LineField(label=_("In hun woorden"), max_length=300, required=False)
    reply_by = LineField(label=_("Van wie? Schrijf de functie, niet de naam."), max_length=80, required=False)
    reply_on = DayField(label=_("Op welke dag?"))
    reply_due = DayField(label=_("Wanneer horen we meer?"))

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        blanks: int,
        goals: Iterable[tuple[int, str]] = (),
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        for number in range(blanks):
            self.fields[f"text-{number}"] = LineField(max_length=LINE_LENGTH, required=False)
        choices = [("", gettext("Nog niet gekozen")), *goals]
        cast("forms.ChoiceField", self.fields["goal"]).choices = choices


class MeasurementForm(forms.Form):
    """What was counted: a number, of what, on which day."""

    value = NumberField(label=_("Hoeveel?"), widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}))
    unit = LineField(label=_("Waarvan?"), max_length=UNIT_LENGTH, required=False)
    day = DayField(label=_("Welke dag?"))

    def clean_day(self) -> date:
        """Today where no day stands; nobody counted tomorrow."""
        day: date = self.cleaned_data["day"] or timezone.localdate()
        if day > timezone.localdate():
            raise forms.ValidationError(gettext("Deze dag komt nog. Kies de dag waarop jullie telden."))
        return day


class TaleForm(forms.Form):
    """A short story, which is only kept when who told it agrees."""

    text = LineField(
        label=_("Wat vertelde iemand?"),
        max_length=TALE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Schrijf eerst het verhaal op.")},
    )
    agreed = forms.BooleanField(
        label=_("Wie dit vertelde, vindt het goed dat iedereen het leest"),
        error_messages={"required": _("Vraag eerst of het mag. Zet daarna het vinkje.")},
    )


class SignForm(forms.Form):
    """One thing more to count or to tell, perhaps for one of several goals."""

    text = LineField(
        label=_("Wat willen jullie weten?"),
        max_length=LINE_LENGTH,
        error_messages={"required": _("Schrijf eerst op wat jullie willen weten.")},
    )
    kind = forms.ChoiceField(
        label=_("Hoe komen jullie het te weten?"),
        choices=[(COUNTED, _("Tellen: een getal")), (TOLD, _("Vertellen: een verhaal"))],
        error_messages={"required": _("Kies tellen of vertellen."), "invalid_choice": _("Kies tellen of vertellen.")},
    )
    goal = _choose_goal()

    def __init__(self, data: QueryDict | None = None, *, goals: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [("", gettext("Voor de hele buurt")), *goals]
        cast("forms.ChoiceField", self.fields["goal"]).choices = choices


class ReminderForm(forms.Form):
    """Where a mail before the next meeting goes."""

    email = forms.EmailField(
        label=_("Je mailadres"),
        max_length=254,
        error_messages={
            "required": _("Vul je mailadres in."),
            "invalid": _("Dit mailadres klopt niet. Kijk het nog eens na."),
            "max_length": _("Dit mailadres is te lang. Kijk het nog eens na."),
        },
    )

    def fail_to_send(self) -> None:
        """Say that the mail could not leave."""
        self.add_error("email", gettext("De mail kon nu niet weg. Probeer het straks nog een keer."))


class Seen(NamedTuple):
    """What a screen showed when its button was pressed: the version of the walk, and the revision of the desk."""

    version: int
    desk: int | None = None


def read_command(data: QueryDict) -> tuple[Command, Seen]:
    """The command of a console form, and what the facilitator saw. Raises Refused."""
    kind = COMMANDS.get(data.get("command", ""))
    version, desk = data.get("version", ""), data.get("desk", "")
    if kind is None or not re.fullmatch(r"\d{1,9}", version) or not re.fullmatch(r"\d{0,9}", desk):
        raise Refused(Reason.NOT_NOW)
    seen = Seen(int(version), int(desk) if desk else None)
    fields: dict[str, Any] = {
        field.name: data.getlist(field.name) if field.name == "answers" else str(data[field.name])
        for field in msgspec.structs.fields(kind)
        if field.name in data
    }
    for name in fields.keys() & {"why", "other", "follow_up"}:
        if len(fields[name]) > MOST_TYPED:
            raise Refused(Reason.TOO_LONG)
        fields[name] = clean_line(fields[name])
    if "number" in fields:
        fields["number"] = read_digits(fields["number"].strip()) or "0"  # an empty field takes a number away
    try:
        return msgspec.convert({"command": kind.name(), **fields}, kind, strict=False), seen
    except msgspec.ValidationError as error:
        # msgspec names the first field that is missing or wrong, last in its message: `why`, or `$.choice`.
        (*_, name) = re.findall(r"`(?:\$\.)?(\w+)`", str(error))
        raise Refused(MISSING[name]) from error


def read_send_away(data: QueryDict) -> tuple[int, int]:
    """How many of the last ones in have to go, and the version the facilitator saw. Raises Refused."""
    number, version = read_digits(data.get("number", "").strip()), data.get("version", "")
    if not re.fullmatch(r"[1-9][0-9]{0,2}", number):
        raise Refused(Reason.AWAY_NUMBER)
    if not re.fullmatch(r"[0-9]{1,9}", version):
        raise Refused(Reason.LATE)
    return int(number), int(version)


def read_outcomes(data: QueryDict) -> dict[int, str]:
    """By line what a list of steps says of them, those that it says something of. Raises Refused."""
    said = {int(name[5:]): str(data[name]) for name in data if re.fullmatch(r"step-[0-9]{1,9}", name) and data[name]}
    if not set(said.values()) <= set(STATES):
        raise Refused(Reason.UNKNOWN_ANSWER)
    return said


class Settled(NamedTuple):
    """What a facilitator does with a proposal."""

    key: int
    fate: Fate
    text: str  # as it comes on the wall
    to: int | None  # the proposal that says the same


def read_settled(data: QueryDict) -> Settled:
    """The form of one proposal on the console. Raises Refused."""
    key, to, fate = data.get("key", ""), data.get("to", ""), data.get("fate", "")
    if not re.fullmatch(r"[0-9]{1,9}", key) or not re.fullmatch(r"[0-9]{0,9}", to):
        raise Refused(Reason.PROPOSAL_GONE)
    if fate not in ("shown", "parked"):
        raise Refused(Reason.NOT_NOW)
    return Settled(int(key), cast("Fate", fate), clean_line(data.get("text", "")), int(to) if to else None)


def read_hands(data: QueryDict, options: Iterable[Option], round_number: int) -> Count:
    """Counted hands from the console: the fields `<answer>:<role>` that it has, and what stood in them at first.

    Raises Refused for anything but small whole numbers.
    """
    hands, seen = {}, {}
    for option in options:
        for role in option.roles:
            name = f"{option.slug}:{role}"
            if name in data:
                hands[role, option.slug] = _read_number(str(data[name]))
            if f"{name}:seen" in data:
                seen[role, option.slug] = _read_number(str(data[f"{name}:seen"]))
    return Count(round_number, hands, seen)


def _read_number(text: str) -> int:
    text = read_digits(text.strip()) or "0"
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise Refused(Reason.HANDS_NUMBER)
    return int(text)


def read_line(data: QueryDict) -> int:
    """The key of a line of the plan; 0, which no line has, where it is none."""
    line = data.get("line", "")
    return int(line) if re.fullmatch(r"[0-9]{1,9}", line) else 0


def read_offering(data: QueryDict, participant: int, owner: str) -> Offering:
    """What a phone offers at a step, or takes back. What is wrong with it says who keeps it."""
    return Offering(
        participant,
        owner,
        read_line(data),
        None if "take-back" in data else tuple(dict.fromkeys(data.getlist("help"))),
        clean_line(data.get("name", "")),
        may_name="may-name" in data,
    )


def read_dropped(data: QueryDict) -> int:
    """The key of something that is kept at a line; 0, which nothing has, where it is none."""
    key = data.get("drop", "")
    return int(key) if re.fullmatch(r"[0-9]{1,9}", key) else 0


def read_token(text: str) -> UUID | None:
    """Which form this is, also when it is sent twice; None for a form without a name."""
    with suppress(ValueError):
        return UUID(text)
    return None
