"""The one home of words that more than one page or paper says: names, plurals, ordinals, days, and what a result says.

Each speaks the language that its caller made active; nothing here is kept.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils import dateformat, formats, timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from content.graph import Role, Tree
from sessions.reading.dates import Held
from sessions.reading.shapes import AnswerView, GatheredIdea, LineView, Result, Supported, Turnout, Verdict, Voice, Wait
from sessions.rules.evaluation import Findings, Measured, quote_tale
from sessions.rules.plan import NextTime, Words, Written, close_sentence, join_pieces
from sessions.rules.state import LINE_LENGTH

# What people choose from in a line of the plan: see `sessions.rules.plan`.
SIZES = {
    "chore": _("Klus: dat doen we zelf"),
    "project": _("Project: daar zijn anderen bij nodig"),
    "idea": _("Idee: nu nog niet"),
}
TERMS = {"now": _("Nu"), "soon": _("Straks"), "later": _("Later")}
DOERS = {"us": _("Wij"), "together": _("Samen"), "council": _("De gemeente")}
STATES = {"busy": _("Bezig"), "done": _("Gelukt"), "failed": _("Niet gelukt"), "dropped": _("Niet meer nodig")}
REPLIES = {"yes": _("Dat doen we"), "no": _("Dat kan niet"), "looking": _("We zoeken het uit")}

ORDINALS = (_("eerste"), _("tweede"), _("derde"), _("vierde"), _("vijfde"), _("zesde"))


class KindWords(NamedTuple):
    """What a kind of plan line is called: above its lines, before one line, on the button for one more, and above the
    field of a line that the group added itself."""

    heading: str
    name: str
    one_more: str
    own_label: str


KINDS = {
    "doel": KindWords(_("Dit willen we bereiken"), _("Doel"), _("een doel"), _("Dit willen we bereiken")),
    "actie": KindWords(_("Dit gaan we doen"), _("Actie"), _("een stap"), _("Dit gaan we doen")),
    "moment": KindWords(_("Op deze dagen"), _("Moment"), _("een moment"), _("Wat doen we dan?")),
    "trekker": KindWords(_("Wie de eerste stap doet"), _("Wie"), _("iemand"), _("Wie doet de eerste stap?")),
    "wie": KindWords(_("Wie doet wat"), _("Wie"), _("iemand"), _("Wie doet wat?")),
    "nodig": KindWords(_("Dit is nodig"), _("Nodig"), _("iets wat nodig is"), _("Dit is nodig")),
    "voorwaarde": KindWords(_("Dit moet kloppen"), _("Voorwaarde"), _("een voorwaarde"), _("Dit moet kloppen")),
    "voortgang": KindWords(
        _("Zo merken we dat het beter gaat"),
        _("Voortgang"),
        _("een teken van voortgang"),
        _("Zo merken we dat het beter gaat"),
    ),
    "mensen": KindWords(_("Mensen"), _("Mensen"), _("mensen"), _("Deze mensen")),
    "plekken": KindWords(_("Plekken"), _("Plekken"), _("een plek"), _("Deze plek")),
    "cijfers": KindWords(_("Cijfers"), _("Cijfers"), _("een cijfer"), _("Dit cijfer")),
    "verhalen": KindWords(_("Verhalen"), _("Verhalen"), _("een verhaal"), _("Dit verhaal")),
    "opdracht": KindWords(_("Opdracht"), _("Opdracht"), _("een opdracht"), _("Deze opdracht")),
    "tellen": KindWords(_("Tellen"), _("Tellen"), _("iets om te tellen"), _("Dit gaan we tellen")),
    "vertellen": KindWords(_("Vertellen"), _("Vertellen"), _("iets om te vertellen"), _("Dit gaan we vertellen")),
}

HOW = {
    "vote": _("Besloten met de stemming."),
    "talk": _("Besloten in gesprek."),
    "facilitator": _("Besloten door de begeleider."),
}


def join_lines(gathered: Iterable[GatheredIdea]) -> str:
    """Lines of phones in one, as long as a line may be."""
    return "; ".join(one.idea.text.rstrip(".") for one in gathered)[:LINE_LENGTH]


def list_letters(answers: Iterable[AnswerView], slugs: Collection[str]) -> str:
    """The letters of these answers: `A, C`."""
    return ", ".join(answer.letter for answer in answers if answer.slug in slugs)


def join_words(words: Sequence[str], last_two: str = "") -> str:
    """`a, b en c`. `last_two` joins the last two in another way."""
    if len(words) < 2:
        return "".join(words)
    return (last_two or gettext("%(first)s en %(last)s")) % {"first": ", ".join(words[:-1]), "last": words[-1]}


def say_ordinal(number: int) -> str:
    """`tweede`."""
    return gettext(ORDINALS[number - 1]) if 1 <= number <= len(ORDINALS) else gettext("%de") % number


# ---- Kinds of plan lines ----


def name_kind(kind: str) -> str:
    """`Acties`, above the lines of a kind."""
    return gettext(KINDS[kind].heading)


def name_one(kind: str) -> str:
    """`Actie`, before one line."""
    return gettext(KINDS[kind].name)


def ask_one_more(kind: str) -> str:
    """Where one more line can be typed: `Nog een voorwaarde …`."""
    return gettext("Nog %(what)s …") % {"what": gettext(KINDS[kind].one_more)}


def name_state(state: str) -> str:
    """How far a step is: `Bezig`."""
    return gettext(STATES[state]) if state else gettext("Nog niet begonnen")


HELPS = {
    "hands": _("Handen: ik help mee"),
    "hours": _("Uren: ik neem vaker iets op me"),
    "tools": _("Spullen: ik leen iets uit"),
    "place": _("Een plek: we kunnen bij mij terecht"),
}


def name_help(slug: str) -> str:
    """With what somebody helps, and what that means: `Handen: ik help mee`."""
    return gettext(HELPS[slug])


def count_helpers(count: int) -> str:
    """`3 doen mee`; nothing where nobody does."""
    return ngettext("%(count)d doet mee", "%(count)d doen mee", count) % {"count": count} if count else ""


def list_helps(helps: Iterable[tuple[str, int]]) -> str:
    """With what how many help: `Handen 2, Spullen 1`."""
    return ", ".join(f"{name_help(slug).partition(':')[0]} {count}" for slug, count in helps)


def name_size(size: str) -> str:
    """What kind of work a step is, in one word: `Klus`."""
    return gettext(SIZES[size]).partition(":")[0] if size else ""


def name_term(term: str) -> str:
    """`Nu`, `Straks` or `Later`."""
    return gettext(TERMS[term]) if term else ""


def name_doer(doer: str) -> str:
    """`Wij`, `Samen` or `De gemeente`."""
    return gettext(DOERS[doer]) if doer else ""


def say_sorted(held: Words) -> str:
    """Where the group put a step: `Nu · De gemeente`."""
    return " · ".join(filter(None, (name_term(held.term), name_doer(held.doer))))


def label_blank(label: str, line: Written) -> str:
    """What stands above the field of a blank. A prompt that begins with a blank asks for a name."""
    if label:
        return label
    return gettext("Wie") if line.prompt else gettext(KINDS[line.kind].own_label)


def say_line(view: LineView) -> str:
    """The words of the group alone, without what asked for them."""
    texts = [part.text for part in view.parts if part.text]
    day = view.line.words.due
    return " ".join([*texts, say_day(day)] if view.line.kind == "moment" and day else texts)


def say_whole_line(view: LineView) -> str:
    """What asked for it and the words of the group, as `join_pieces`; of a moment its day."""
    if view.is_day_alone:
        day = view.line.words.due
        return f"{view.parts[0].label} {say_full_day(day)}" if day else view.parts[0].label
    return join_pieces(view.parts)


def say_number(value: Decimal) -> str:
    """`41`, `2,5`: a number as one reads it."""
    return formats.number_format(value.normalize() if value % 1 else value.to_integral_value(), use_l10n=True)


def say_measured(one: Measured) -> str:
    """`41 auto's op 3 maart 2026`."""
    counted = f"{say_number(one.value)} {one.unit}".rstrip()
    return gettext("%(counted)s op %(day)s") % {"counted": counted, "day": say_full_day(one.day)}


def say_evidence(held: Findings) -> str:
    """What is known at a line in short: the first and the last number, or the last story."""
    numbers = held.measured if len(held.measured) < 2 else (held.measured[0], held.measured[-1])
    told = [quote_tale(held.told[-1].text)] if held.told else []
    return ", ".join([*map(say_measured, numbers), *told])


def say_who(held: Words) -> str:
    """Who does a step: `Fatma`, `buurtvereniging` or `Fatma, buurtvereniging`; empty where nobody does yet."""
    return ", ".join(filter(None, (held.who, held.role)))


WAITS = {
    "name": (_("De groep"), _("Wie wil dit doen?")),
    "late": (_("Wie het zou doen"), _("Dit zou klaar zijn op %(day)s.")),
    "look-back": (_("De groep"), _("Kijk terug: klopt dit nog? Afgesproken voor %(day)s.")),
    "reply": (_("De gemeente"), _("Antwoord beloofd voor %(day)s.")),
    "answer": (_("De gemeente"), "%(reply)s"),
    "follow-up": (_("De groep"), _("Dit is niet gelukt. Wat doen we nu?")),
    "clash": (_("De begeleiders"), _("Hier staan twee teksten. Kies er een.")),
}


def name_waiting(wait: Wait) -> str:
    """For whom something waits: by name or role where the line says so."""
    return (say_who(wait.view.line.words) if wait.kind == "late" else "") or gettext(WAITS[wait.kind][0])


def say_wait(wait: Wait) -> str:
    """What waits: `Antwoord beloofd voor 1 maart.` Of an answer what it says: `Kan niet, want het geld is op.`"""
    reply = say_reply(wait.view.line.words) if wait.kind == "answer" else ""
    return gettext(WAITS[wait.kind][1]) % {"day": say_day(wait.day) if wait.day else "", "reply": reply}


def say_reply(held: Words) -> str:
    """What the municipality answered: `Dat doen we: in maart.`"""
    return ": ".join(filter(None, (gettext(REPLIES[held.reply]) if held.reply else "", held.reply_words)))


def say_supported(supported: Supported) -> str:
    """What a room took of its proposals."""
    return gettext("De groep nam over: %(taken)s.") % {"taken": "; ".join(supported.taken).rstrip(".")}


def say_verdict(verdict: Verdict) -> str:
    """What a room said of its plan: `Op 28 november zei de groep: dit klopt. Daarna is er nog iets gewijzigd.`

    Of one goal it says which.
    """
    opening = gettext("Op %(day)s zei de groep:") % {"day": say_day(verdict.at)}
    if verdict.about:
        names = {"day": say_day(verdict.at), "goal": verdict.about}
        opening = gettext("Op %(day)s zei de groep over het doel ‘%(goal)s’:") % names
    if verdict.answer == "fits":
        said = gettext("dit klopt.")
    elif verdict.lacks:
        said = gettext("er mist iets: %(what)s") % {"what": end_sentence(verdict.lacks)}
    else:
        said = gettext("er mist iets.")
    return " ".join(filter(None, (opening, said, gettext("Daarna is er nog iets gewijzigd.") * verdict.is_changed)))


def head_plan(phase: str) -> str:
    """What stands above what a group wrote in this phase; without one, or in between, it is a plan."""
    return {"startfase": gettext("Ons buurtbeeld"), "evaluatiefase": gettext("Wat we tellen en vertellen")}.get(
        phase, gettext("Ons plan")
    )


def ask_who() -> str:
    return gettext("Wie?")


def ask_role() -> str:
    return gettext("Groep of organisatie")


def ask_when() -> str:
    return gettext("Wanneer?")


def label_next_time() -> dict[str, str]:
    return {"day": gettext("Welke dag?"), "hour": gettext("Hoe laat?"), "place": gettext("Waar?")}


def end_sentence(text: str) -> str:
    """A sentence somebody typed, closed, for there are words behind it."""
    return f"{text}{close_sentence(text, '')}"


# ---- Roles, votes and results ----


def name_roles(roles: Iterable[Role]) -> str:
    """`wijkprofessionals en beleidsambtenaren`."""
    return join_words([role.plural for role in roles])


def name_roles_in_short(roles: Iterable[Role]) -> str:
    """`professionals en ambtenaren`."""
    return join_words([role.short_plural for role in roles])


def name_role_in_short(role: Role, count: int) -> str:
    """`inwoner` or `ambtenaren`, behind a number."""
    return role.title.lower() if count == 1 else role.short_plural


def name_voice_in_short(voice: Voice) -> str:
    """Who gave these votes, behind their number: `inwoner`, `ambtenaren`, `professionals en ambtenaren samen`."""
    if voice.count == 1 or not voice.is_pooled:
        names = [name_role_in_short(role, voice.count) for role in voice.roles]
        return join_words(names, gettext("%(first)s of %(last)s"))
    return gettext("%(roles)s samen") % {"roles": name_roles_in_short(voice.roles)}


def name_voice(voice: Voice) -> str:
    """`inwoner`, `inwoners`, or the names of the roles that are counted together."""
    return name_voice_in_short(voice) if voice.count == 1 else name_roles(voice.roles)


def count_voice(voice: Voice) -> str:
    """`3 inwoners`."""
    return f"{voice.count} {name_voice(voice)}"


def name_votes(count: int) -> str:
    """`stem` or `stemmen`, behind a number."""
    return ngettext("stem", "stemmen", count)


def name_sources(counted: Turnout | Result) -> str:
    """`3 telefoons, 11 handen`."""
    phones = ngettext("%(number)d telefoon", "%(number)d telefoons", counted.phones) % {"number": counted.phones}
    hands = ngettext("%(number)d hand", "%(number)d handen", counted.hands) % {"number": counted.hands}
    return f"{phones}, {hands}"


def say_sources(result: Result) -> str:
    """`3 met de telefoon, 11 met de hand.`"""
    numbers = {"phones": result.phones, "hands": result.hands}
    return gettext("%(phones)d met de telefoon, %(hands)d met de hand.") % numbers


def say_held_back(result: Result) -> str:
    """What is said of phones that were too few to show."""
    if not result.hands:
        return gettext("Te weinig telefoons om te laten zien zonder dat je ziet wie wat koos.")
    hands = ngettext("%(hands)d hand.", "%(hands)d handen.", result.hands) % {"hands": result.hands}
    phones = ngettext(
        "Ook %(phones)d telefoon stemde; dat laten we niet zien.",
        "Ook %(phones)d telefoons stemden; dat laten we niet zien.",
        result.held_back,
    ) % {"phones": result.held_back}
    return f"{hands} {phones}"


def say_tie(letters: Sequence[str]) -> str:
    """`A en E waren gelijk.`"""
    return gettext("%(letters)s waren gelijk.") % {"letters": join_words(letters)}


def say_only_total() -> str:
    """Why no role stands apart."""
    return gettext("Alleen het totaal. De groepen zijn te klein om per rol te tonen.")


def say_how(how: str) -> str:
    """How a decision was taken."""
    return gettext(HOW[how])


# ---- Days and phases ----


def say_held(held: Held) -> str:
    """`vrijdag 20 november 2026`, or the first and the last day of a meeting that went on later."""
    first, last = (dateformat.format(day, "l j F Y") for day in held)
    return first if first == last else gettext("%(first)s tot en met %(last)s") % {"first": first, "last": last}


def say_day(moment: date) -> str:
    """`12 februari`, with the year when it is another year than now."""
    moment = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return dateformat.format(moment, "j F" if moment.year == timezone.localdate().year else "j F Y")


def say_next_time(when: NextTime) -> str:
    """`dinsdag 2 juni, 19.30 uur, De Merel`: what is known of it; empty where nothing is."""
    day = f"{dateformat.format(when.day, 'l')} {say_day(when.day)}" if when.day else ""
    hour = gettext("%s uur") % dateformat.time_format(when.hour, "H.i") if when.hour else ""
    return ", ".join(part for part in (day, hour, when.place) if part)


def say_when(when: NextTime) -> str:
    """The same without the place."""
    return say_next_time(when._replace(place=""))


def say_full_day(day: date) -> str:
    """`12 februari 2027`, for a paper that is read in another year."""
    return dateformat.format(day, "j F Y")


def say_short_day(day: date) -> str:
    """`12 feb`, where there is little room."""
    return dateformat.format(day, "j b" if day.year == timezone.localdate().year else "j b Y")


def say_since(moment: datetime) -> str:
    """`vandaag om 19.42 uur`, or `dinsdag 20 januari`."""
    moment = timezone.localtime(moment)
    if moment.date() == timezone.localdate():
        return gettext("vandaag om %s uur") % dateformat.format(moment, "H.i")
    return f"{dateformat.format(moment, 'l')} {say_day(moment)}"


def name_phases(trees: Iterable[Tree]) -> str:
    """`startfase en richtfase`."""
    return join_words([tree.phase for tree in trees])


def name_phase_in_short(phase: str) -> str:
    """`Richt`, where there is no room for `richtfase`."""
    return phase.removesuffix("fase").capitalize()
