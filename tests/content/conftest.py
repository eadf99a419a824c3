"""A small library that keeps every rule, as structs and as files: what a test breaks is then the only thing broken."""

from functools import partial
from itertools import count
from pathlib import Path

import msgspec
import pytest
import yaml

from content.graph import (
    PHASES,
    Answer,
    Element,
    ElementUse,
    Evidence,
    Fact,
    FollowUp,
    Indicator,
    Intervention,
    InterventionUse,
    Library,
    Node,
    PicturePrompt,
    PlanPrompt,
    Role,
    Tree,
)

EVERYONE = ("inwoner", "wijkprofessional", "beleidsambtenaar")
INTERVENTIONS = ("bruis", "straat", "talent", "bestuur", "huis")
HARVEST = {
    "startfase": {"picture": (PicturePrompt("mensen", "Wij kennen: …"),)},
    "richtfase": {"plan": (PlanPrompt("doel", "Ons doel is: …"),)},
    "actiefase": {"plan": (PlanPrompt("actie", "Wij doen: …"),)},
    "evaluatiefase": {"indicators": (Indicator("tellen", "Aantal buren dat groet."),)},
}


def make_library() -> Library:
    numbers = count()
    return Library(
        roles=tuple(
            Role(slug, slug.title(), f"{slug}en", f"{slug}en", f"Je bent {slug}.", tone)
            for slug, tone in zip(EVERYONE, ("brick", "ochre", "delft"), strict=True)
        ),
        trees=tuple(make_tree(phase, order, numbers) for order, phase in enumerate(PHASES, start=1)),
        elements=tuple(
            Element(
                number, f"element-{number}", "Titel", "Kort.", "Zo werkt het.", ("Als.",), ("Let op.",), "Zo.", FACTS
            )
            for number in range(1, 11)
        ),
        interventions=tuple(make_intervention(slug) for slug in INTERVENTIONS),
    )


FACTS = (Fact("Het is gezien.", "https://example.org/feit"),)


def make_intervention(slug: str) -> Intervention:
    return Intervention(
        slug=slug,
        title=slug.title(),
        one_line="Een zin.",
        for_whom="Iedereen.",
        goal="Dat het lukt.",
        steps=("Eerst dit.", "Dan dat."),
        who="Buren.",
        conditions=("Er is tijd.",),
        limits=("Niet overal.",),
        evidence=Evidence("Er is een proef geweest.", "Goed beschreven", 2020),
        elements=(1, 2),
        sources=("https://example.org/bron",),
    )


def make_answer(phase: str, numbers: "count[int]", slug: str, target: str, roles: tuple[str, ...] = EVERYONE) -> Answer:
    number = next(numbers)
    return Answer(
        slug=slug,
        text=f"Wij kiezen {slug}.",
        roles=roles,
        next=target,
        reflection="Dit brengt je verder. Het kost ook tijd.",
        elements=(ElementUse(number % 10 + 1, "Dit werkt als iedereen meedoet."),),
        interventions=(InterventionUse(INTERVENTIONS[number % 5], "Daar deden ze dit ook."),),
        **HARVEST[phase],
    )


def make_question(phase: str, numbers: "count[int]", slug: str, number: int | None, onward: str, deeper: str) -> Node:
    """A question with an answer that leads on, one that leads deeper, and one for residents alone."""
    answer = partial(make_answer, phase, numbers)
    return Node(
        slug=slug,
        kind="centraal" if number else "verdieping",
        number=number,
        question="Wat doen wij?",
        help="Denk aan een tuin.",
        facilitator="Geef iedereen tijd.",
        answers=(answer("door", onward), answer("dieper", deeper), answer("als-buur", onward, ("inwoner",))),
    )


def make_tree(phase: str, order: int, numbers: "count[int]") -> Tree:
    """een > twee > drie > einde, each with a deeper question beside it, and below `drie-dieper` one more."""
    question = partial(make_question, phase, numbers)
    return Tree(
        schema=1,
        phase=phase,
        order=order,
        title="Samen",
        intro="Wij beginnen.",
        start="een",
        nodes=(
            question("een", 1, "twee", "een-dieper"),
            question("een-dieper", None, "twee", "een"),
            question("twee", 2, "drie", "twee-dieper"),
            question("twee-dieper", None, "drie", "twee"),
            question("drie", 3, "einde", "drie-dieper"),
            question("drie-dieper", None, "einde", "nog-dieper"),
            question("nog-dieper", None, "einde", "drie"),
            Node("einde", "einde", title="Klaar", text="Dit was het.", follow_up=(FollowUp("Nog een keer", "een"),)),
        ),
    )


def make_documents(library: Library) -> dict[str, object]:
    """What stands in each file, by the name of the file."""
    plain = msgspec.json.decode(msgspec.json.encode(library))  # lists and dicts, as YAML gives them
    return {
        "rollen.yaml": {"schema": 1, "roles": plain["roles"]},
        **{f"{tree['phase']}.yaml": tree for tree in plain["trees"]},
        "elementen.yaml": {"schema": 1, "icon": "diamant", "elements": plain["elements"]},
        "interventies.yaml": {"schema": 1, "icon": "schep", "interventions": plain["interventions"]},
    }


def dump(document: object) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=200)


@pytest.fixture(scope="session")
def library() -> Library:
    return make_library()


@pytest.fixture(scope="session")
def documents(library: Library) -> dict[str, object]:
    return make_documents(library)


@pytest.fixture(scope="session")
def texts(documents: dict[str, object]) -> dict[str, str]:
    return {name: dump(document) for name, document in documents.items()}


@pytest.fixture
def folder(tmp_path: Path, texts: dict[str, str]) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
