"""What a refusal says: what happened and what to do, in Dutch at level B1. The codes come from `sessions`."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

REFUSALS = {
    # to a phone
    "round-closed": _("Dat lukte niet. De stemming was al dicht."),
    "round-reading": _("De stemming is nog niet open. Lees rustig mee."),
    "round-old": _("We zijn al verder. Kijk naar de vraag van nu."),
    "other-role": _("Dat antwoord is voor een andere rol. Kies een ander antwoord."),
    "role-changed": _("Je hebt nu een andere rol. Stem bij deze vraag opnieuw."),
    "unknown-answer": _("Dat antwoord kennen we niet. Kies een antwoord uit de lijst."),
    "no-answer": _("Kies eerst een antwoord. Stem daarna."),
    "watching": _("Je kijkt mee, zonder te stemmen. Wil je stemmen? Kies eerst een rol."),
    "no-seat": _("We kennen je plek niet meer. Kies opnieuw je rol. Dan doe je weer mee."),
    "no-cookie": _("Je telefoon bewaart je plek niet. Sta cookies toe en kies je rol opnieuw."),
    "unknown-role": _("Die rol kennen we niet. Kies een rol uit de lijst."),
    "unknown-code": _("Deze code kennen we niet. Kijk nog eens op het scherm."),
    "paused": _("Even pauze. We gaan zo verder."),
    "ended": _("Deze bijeenkomst is al afgelopen. Vraag de begeleider om het verslag."),
    "bad-frame": _("Dat bericht begrijpen we niet. Ververs de pagina en probeer het opnieuw."),
    "too-many-codes": _("Er worden nu te veel codes geprobeerd. Wacht een halve minuut en probeer het opnieuw."),
    "waits": _("Je mag zo meestemmen. De begeleider laat je binnen."),
    "deleted": _("De begeleider heeft deze bijeenkomst verwijderd. Je hoeft niets te doen."),
    "door-shut": _("De deur is dicht. Vraag de begeleider."),
    "busy": _("Het lukt nu even niet. We proberen het opnieuw."),
    # to a facilitator
    "late": _("Iemand anders was net eerder. Dit is de stand van nu."),
    "not-now": _("Dat kan nu niet. Kies de grote knop voor de volgende stap."),
    "first-question": _("Dit is de eerste vraag. Een stap terug kan hier niet."),
    "nothing-to-undo": _("Er is niets om terug te draaien."),
    "no-such-way": _("Die weg is er niet. Kies een van de knoppen."),
    "unknown-card": _("Deze kaart is er niet, of nu nog niet. Ververs de pagina."),
    "answer-missing": _("Kies eerst wat de groep kiest."),
    "how-missing": _("Kies hoe dit is besloten."),
    "why-missing": _("Vul een zin in bij Waarom."),
    "too-long": _("Die zin is te lang. Maak er 300 tekens van, of minder."),
    "unknown-phase": _("Die fase kennen we niet. Kies een fase uit de lijst."),
    "unknown-line": _("Deze regel kennen we niet meer. Ververs de pagina."),
    "too-many-lines": _("Het plan is vol. Streep eerst een regel door."),
    "too-many-struck": _("Er zijn al heel veel regels doorgestreept. Zet er een terug en schrijf die over."),
    "hands-number": _("Vul bij de handen hele getallen in, van 0 tot 999."),
    "chairs-number": _("Vul een heel getal in, van 0 tot 9999."),
    "away-number": _("Vul in hoeveel telefoons weg moeten: een heel getal, van 1 tot 999."),
    "hands-late": _("Iemand anders telde hier net iets anders. Kijk naar de handen en bewaar ze nog een keer."),
    "undo-counted": _("Hier zijn al handen geteld. Die gooien we niet weg. Wil je terug? Kies Stap terug."),
    "unknown-session": _("Deze bijeenkomst kennen we niet. Of hij is van een ander team. Kijk bij Jouw bijeenkomsten."),
    "restorable": _("Deze bijeenkomst is verwijderd. Een week lang zet je hem terug bij Jouw bijeenkomsten."),
    "logged-out": _("Je bent uitgelogd. Log opnieuw in."),
    "simulated": _("Er zijn al proefdeelnemers binnen."),
    "too-many-simulated": _("Er oefenen nu al vier groepen met proefdeelnemers. Probeer het straks nog een keer."),
    "no-content": _("Er is nog geen inhoud. Vraag de beheerder om: python manage.py publish_content."),
    "cookies-off": _("Je browser bewaart geen cookies. Sta cookies toe en probeer het opnieuw."),
    "wifi-name": _("Deze naam is te lang voor een wifi. Maak er 32 tekens van, of minder."),
    "wifi-password": _("Een wachtwoord van wifi heeft 8 tot 63 letters, cijfers of tekens. Kijk het nog eens na."),
    "unknown-network": _("Dit netwerk is er niet meer. Kies een ander."),
    "no-team": _("Je hoort nog niet bij een team. Vraag de beheerder om je toe te voegen."),
}


def explain(code: str) -> str:
    """The sentence for a refusal. Raises KeyError for a code that nobody wrote a sentence for."""
    return gettext(REFUSALS[code])
