"""What a refusal says: what happened and what to do, in Dutch at level B1. The codes come from `sessions`."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sessions.rules.refusals import Reason

REFUSALS = {
    # to a phone
    Reason.ROUND_CLOSED: _("Dat lukte niet. De stemming was al dicht."),
    Reason.ROUND_READING: _("De stemming is nog niet open. Lees rustig mee."),
    Reason.ROUND_OLD: _("We zijn al verder. Kijk naar de vraag van nu."),
    Reason.OTHER_ROLE: _("Dat antwoord is voor een andere rol. Kies een ander antwoord."),
    Reason.ROLE_CHANGED: _("Je hebt nu een andere rol. Stem bij deze vraag opnieuw."),
    Reason.UNKNOWN_ANSWER: _("Dat antwoord kennen we niet. Kies een antwoord uit de lijst."),
    Reason.NO_ANSWER: _("Kies eerst een antwoord. Stem daarna."),
    Reason.WATCHING: _("Je kijkt mee, zonder te stemmen. Wil je stemmen? Kies eerst een rol."),
    Reason.NO_SEAT: _("We kennen je plek niet meer. Kies opnieuw je rol. Dan doe je weer mee."),
    Reason.NO_COOKIE: _("Je telefoon bewaart je plek niet. Sta cookies toe en kies je rol opnieuw."),
    Reason.UNKNOWN_ROLE: _("Die rol kennen we niet. Kies een rol uit de lijst."),
    Reason.UNKNOWN_CODE: _("Deze code kennen we niet. Kijk nog eens op het scherm."),
    Reason.PAUSED: _("Even pauze. We gaan zo verder."),
    Reason.ENDED: _("Deze bijeenkomst is al afgelopen. Vraag de begeleider om het verslag."),
    Reason.BAD_FRAME: _("Dat bericht begrijpen we niet. Ververs de pagina en probeer het opnieuw."),
    Reason.TOO_MANY_CODES: _("Er worden nu te veel codes geprobeerd. Wacht een halve minuut en probeer het opnieuw."),
    Reason.WAITS: _("Je mag zo meestemmen. De begeleider laat je binnen."),
    Reason.DELETED: _("De begeleider heeft deze bijeenkomst verwijderd. Je hoeft niets te doen."),
    Reason.DOOR_SHUT: _("De deur is dicht. Vraag de begeleider."),
    Reason.BUSY: _("Het lukt nu even niet. We proberen het opnieuw."),
    # to a facilitator
    Reason.LATE: _("Iemand anders was net eerder. Dit is de stand van nu."),
    Reason.NOT_NOW: _("Dat kan nu niet. Kies de grote knop voor de volgende stap."),
    Reason.FIRST_QUESTION: _("Dit is de eerste vraag. Een stap terug kan hier niet."),
    Reason.NOTHING_TO_UNDO: _("Er is niets om terug te draaien."),
    Reason.NO_SUCH_WAY: _("Die weg is er niet. Kies een van de knoppen."),
    Reason.UNKNOWN_CARD: _("Deze kaart is er niet, of nu nog niet. Ververs de pagina."),
    Reason.NO_CHECK_NOW: _("Dat kan nu niet. Begin eerst met vraag 1, en wacht tot de stemming dicht is."),
    Reason.EMPTY_PLAN: _("Hier staat nog niets in het plan. Vul eerst iets in, en vraag het dan."),
    Reason.ALL_SORTED: _("Er is geen stap meer zonder plek. Wil je iets wijzigen? Doe het in het plan."),
    Reason.NOTHING_SHOWN: _("Er staat nog geen voorstel op het scherm. Laat er eerst een door."),
    Reason.NOT_GATHERING: _("Je kunt nu geen voorstel sturen. Kijk naar het scherm."),
    Reason.PROPOSAL_EMPTY: _("Schrijf eerst je voorstel op."),
    Reason.PROPOSAL_LONG: _("Dit voorstel is te lang. Maak er 120 tekens van, of minder."),
    Reason.TOO_MANY_PROPOSALS: _("Je stuurde er al drie. Haal er eerst een weg die nog wacht."),
    Reason.PROPOSAL_SHOWN: _("Dit voorstel heeft de begeleider al gelezen. Zeg het hardop als het weg moet."),
    Reason.PROPOSAL_GONE: _("Dit voorstel is er niet meer."),
    Reason.HELP_MISSING: _("Kies eerst waarmee je helpt."),
    Reason.NAME_UNTICKED: _("Mogen de begeleiders je voornaam weten? Zet het vinkje, of haal de naam weg."),
    Reason.NAME_LONG: _("Die naam is te lang. Alleen je voornaam is genoeg."),
    Reason.STEP_CLOSED: _("Deze stap is al klaar, of staat niet meer in het plan. Kies een andere stap."),
    Reason.TOO_MANY_OFFERS: _("Je doet al mee met dertig stappen. Haal er eerst een weg."),
    Reason.WALL_FULL: _("Er staan er al vijf op het scherm. Zet er eerst een apart, of voeg ze samen."),
    Reason.TOO_MANY_CHOICES: _("Je kunt er hoogstens drie kiezen. Tik er eerst een weg."),
    Reason.ANSWER_MISSING: _("Kies eerst wat de groep kiest."),
    Reason.HOW_MISSING: _("Kies hoe dit is besloten."),
    Reason.WHY_MISSING: _("Vul een zin in bij Waarom."),
    Reason.TOO_LONG: _("Die zin is te lang. Maak er 300 tekens van, of minder."),
    Reason.UNKNOWN_PHASE: _("Die fase kennen we niet. Kies een fase uit de lijst."),
    Reason.UNKNOWN_PLAN: _("Dit plan kennen we niet. Of het is van een ander team. Kijk bij Jouw bijeenkomsten."),
    Reason.CANNOT_MERGE: _("Deze twee kunnen niet samen. Kies een andere buurt van hetzelfde team."),
    Reason.CANNOT_PART: _("Deze buurt staat al weer los. Ververs de pagina."),
    Reason.UNKNOWN_LINE: _("Deze regel kennen we niet meer. Ververs de pagina."),
    Reason.TOO_MANY_LINES: _("Het plan is vol. Streep eerst een regel door."),
    Reason.TOO_MANY_STRUCK: _("Er zijn al heel veel regels doorgestreept. Zet er een terug en schrijf die over."),
    Reason.TOO_MANY_LINKS: _("Er zijn al veel links naar dit plan. Trek er eerst een in."),
    Reason.TOO_MUCH_KEPT: _("Bij deze regel staan er al zestig. Haal er eerst een weg."),
    Reason.COUNTED_ALREADY: _("Op deze dag staat al een ander getal. Haal dat eerst weg, of kies een andere dag."),
    Reason.KNOWN_BUURT: _("Dit team heeft al een plan van deze buurt."),
    Reason.HANDS_NUMBER: _("Vul bij de handen hele getallen in, van 0 tot 999."),
    Reason.CHAIRS_NUMBER: _("Vul een heel getal in, van 0 tot 9999."),
    Reason.AWAY_NUMBER: _("Vul in hoeveel telefoons weg moeten: een heel getal, van 1 tot 999."),
    Reason.HANDS_LATE: _("Iemand anders telde hier net iets anders. Kijk naar de handen en bewaar ze nog een keer."),
    Reason.UNDO_COUNTED: _("Hier zijn al handen geteld. Die gooien we niet weg. Wil je terug? Kies Stap terug."),
    Reason.UNDO_PROPOSED: _("Hier zijn al voorstellen binnen. Die gooien we niet weg. Wil je stoppen? Kies Sla over."),
    Reason.UNKNOWN_SESSION: _(
        "Deze bijeenkomst kennen we niet. Of hij is van een ander team. Kijk bij Jouw bijeenkomsten."
    ),
    Reason.RESTORABLE: _("Deze bijeenkomst is verwijderd. Een week lang zet je hem terug bij Jouw bijeenkomsten."),
    Reason.LOGGED_OUT: _("Je bent uitgelogd. Log opnieuw in."),
    Reason.SIMULATED: _("Er zijn al proefdeelnemers binnen."),
    Reason.TOO_MANY_SIMULATED: _("Er oefenen nu al vier groepen met proefdeelnemers. Probeer het straks nog een keer."),
    Reason.NO_CONTENT: _("Er is nog geen inhoud. Vraag de beheerder om: python manage.py publish_content."),
    Reason.COOKIES_OFF: _("Je browser bewaart geen cookies. Sta cookies toe en probeer het opnieuw."),
    Reason.WIFI_NAME: _("Deze naam is te lang voor een wifi. Maak er 32 tekens van, of minder."),
    Reason.WIFI_PASSWORD: _("Een wachtwoord van wifi heeft 8 tot 63 letters, cijfers of tekens. Kijk het nog eens na."),
    Reason.UNKNOWN_NETWORK: _("Dit netwerk is er niet meer. Kies een ander."),
    Reason.NO_TEAM: _("Je hoort nog niet bij een team. Vraag de beheerder om je toe te voegen."),
}


def explain(code: Reason) -> str:
    """The sentence for a refusal. Raises KeyError for a code that nobody wrote a sentence for."""
    return gettext(REFUSALS[code])
