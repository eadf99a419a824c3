"""Every rule broken once, in a library that keeps all the others: the problems are exactly these."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.files import LIBRARY_FOLDER, read_library
from content.graph import (
    ElementUse,
    Fact,
    FollowUp,
    Indicator,
    InterventionUse,
    Library,
    PicturePrompt,
    PlanPrompt,
    Tree,
)
from content.problems import Problem
from content.rules import find_problems
from content.text_rules import count_sentences, is_slug
from tests.sizes import pick

replace = msgspec.structs.replace
ROLES = "inwoner, wijkprofessional, beleidsambtenaar"
NEXT_MEND = "Kies een vraag uit dit bestand, of schrijf fase:richtfase of fase:richtfase/een-vraag."
END_MEND = "Laat een antwoord naar een vraag gaan die wel bij het einde komt."


def change(items: tuple[Any, ...], slug: str, key: str, edit: Callable[[Any], Any]) -> tuple[Any, ...]:
    assert slug in [getattr(item, key) for item in items]
    return tuple(edit(item) if getattr(item, key) == slug else item for item in items)


def edit(library: Library, place: str, **changes: Any) -> Library:
    """The library with other values at a place: a phase, phase/node or phase/node/answer."""
    phase, *below = place.split("/")

    def edit_node(node: Any) -> Any:
        if len(below) == 1:
            return replace(node, **changes)
        answers = change(node.answers, below[1], "slug", lambda answer: replace(answer, **changes))
        return replace(node, answers=answers)

    def edit_tree(tree: Tree) -> Tree:
        return (
            replace(tree, nodes=change(tree.nodes, below[0], "slug", edit_node)) if below else replace(tree, **changes)
        )

    return replace(library, trees=change(library.trees, phase, "phase", edit_tree))


def problem_in(file: str) -> Callable[[str, str, str], Problem]:
    return lambda place, what, mend: Problem(f"{file}.yaml", place, what, mend)


start = problem_in("startfase")


# The library that we ship


def test_the_shipped_library_has_no_problems():
    library = read_library(LIBRARY_FOLDER)
    assert find_problems(library) == []


def test_the_shipped_library_has_this_many_of_everything():
    library = read_library(LIBRARY_FOLDER)
    counts = {tree.phase: (len(tree.nodes), sum(len(node.answers) for node in tree.nodes)) for tree in library.trees}
    assert counts == {"startfase": (13, 60), "richtfase": (13, 60), "actiefase": (14, 64), "evaluatiefase": (14, 65)}
    assert [role.slug for role in library.roles] == ["inwoner", "wijkprofessional", "beleidsambtenaar"]
    assert [element.number for element in library.elements] == [*range(1, 11)]
    assert [intervention.slug for intervention in library.interventions] == [
        "studio-bruis",
        "thuis-op-straat",
        "abcd",
        "buurtbestuurt",
        "kulturhuske",
    ]


def test_the_library_of_these_tests_has_no_problems(library):
    assert find_problems(library) == []


# Roles


def test_a_library_needs_roles(library):
    problems = find_problems(replace(library, roles=()))
    assert problems[0] == Problem("rollen.yaml", "roles", "Er is geen enkele rol.", "Zet er een rol bij.")


def test_a_role_is_there_once(library):
    library = replace(library, roles=(*library.roles, library.roles[0]))
    assert find_problems(library) == [
        Problem("rollen.yaml", "inwoner", "Deze slug staat er 2 keer.", "Geef elk een eigen slug.")
    ]


def test_a_role_has_no_empty_text(library):
    library = replace(library, roles=(replace(library.roles[0], line=" "), *library.roles[1:]))
    assert find_problems(library) == [
        Problem("rollen.yaml", "inwoner, line", "Hier staat geen tekst.", "Vul de tekst in.")
    ]


def test_a_fourth_role_needs_an_answer_at_every_question(library):
    wethouder = replace(library.roles[0], slug="wethouder")
    problems = find_problems(replace(library, roles=(*library.roles, wethouder)))
    assert len(problems) == 4 * 7
    assert problems[0] == start(
        "een", "Wie wethouder is, kan hier niets kiezen.", "Zet 'wethouder' bij de rollen van een antwoord."
    )


# Phases


def test_every_phase_has_a_tree(library):
    assert find_problems(replace(library, trees=library.trees[:3])) == [
        Problem("evaluatiefase.yaml", "", "Aantal bomen voor de evaluatiefase: 0.", "Maak er precies één.")
    ]


def test_no_phase_has_two_trees(library):
    assert find_problems(replace(library, trees=(*library.trees, library.trees[0]))) == [
        start("", "Aantal bomen voor de startfase: 2.", "Maak er precies één.")
    ]


def test_a_phase_is_one_of_the_four(library):
    assert find_problems(edit(library, "startfase", phase="proeffase"))[:2] == [
        start("", "Aantal bomen voor de startfase: 0.", "Maak er precies één."),
        Problem(
            "proeffase.yaml",
            "phase",
            "De fase 'proeffase' bestaat niet.",
            "Kies uit: startfase, richtfase, actiefase, evaluatiefase.",
        ),
    ]


def test_the_phases_are_numbered_in_order(library):
    assert find_problems(edit(library, "startfase", order=2)) == [start("order", "Hier staat 2.", "Zet er 1.")]


# Trees and nodes


def test_a_tree_has_eight_nodes_at_least(library):
    tree = library.tree("startfase")
    nodes = tuple(node for node in tree.nodes if node.slug != "een-dieper")
    library = edit(edit(library, "startfase", nodes=nodes), "startfase/een/dieper", next="een")
    assert find_problems(library) == [
        start("nodes", "Aantal vragen, met het einde erbij: 7.", "Maak er 8 tot en met 14.")
    ]


def test_a_tree_has_fourteen_nodes_at_most(library):
    tree = library.tree("startfase")
    more = tuple(replace(tree.node("een-dieper"), slug=f"meer-{number}") for number in range(7))
    library = edit(library, "startfase", nodes=(*tree.nodes, *more))
    assert find_problems(library)[0] == start(
        "nodes", "Aantal vragen, met het einde erbij: 15.", "Maak er 8 tot en met 14."
    )


def test_the_slug_of_a_node_is_there_once(library):
    tree = library.tree("startfase")
    assert find_problems(edit(library, "startfase", nodes=(*tree.nodes, tree.node("twee-dieper")))) == [
        start("twee-dieper", "Deze slug staat er 2 keer.", "Geef elk een eigen slug.")
    ]


def test_a_slug_is_in_kebab_case(library):
    library = edit(library, "startfase/een/als-buur", slug="Als_buur")
    mend = "Gebruik kleine letters, cijfers en streepjes, en hoogstens 40 tekens."
    assert find_problems(library) == [start("een, slug", "'Als_buur' is geen goede slug.", mend)]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("een", True),
        ("een-2-drie", True),
        ("a" * 40, True),
        ("a" * 41, False),
        ("", False),
        ("-een", False),
        ("een--twee", False),
        ("een ", False),
        ("een\n", False),
        ("één", False),
        ("٣", False),
    ],
)
def test_a_slug_is_small_letters_digits_and_single_dashes(text, verdict):
    assert is_slug(text) is verdict


def test_the_title_of_a_tree_is_not_empty(library):
    assert find_problems(edit(library, "startfase", title="")) == [
        start("title", "Hier staat geen tekst.", "Vul de tekst in.")
    ]


@pytest.mark.parametrize(
    ("change_numbers", "found"),
    [({"drie": 2}, "1, 2, 2"), ({"drie": None}, "geen, 1, 2"), ({"drie": 4}, "1, 2, 4")],
)
def test_the_central_questions_are_one_two_and_three(library, change_numbers, found):
    for slug, number in change_numbers.items():
        library = edit(library, f"startfase/{slug}", number=number)
    what = f"De nummers van de centrale vragen zijn: {found}."
    mend = "Maak precies drie centrale vragen, met nummer 1, 2 en 3."
    assert find_problems(library) == [start("nodes", what, mend)]


def test_there_are_three_central_questions(library):
    library = edit(library, "startfase/drie", kind="verdieping", number=None)
    what = "De nummers van de centrale vragen zijn: 1, 2."
    mend = "Maak precies drie centrale vragen, met nummer 1, 2 en 3."
    assert find_problems(library) == [start("nodes", what, mend)]


def test_a_tree_starts_at_the_first_central_question(library):
    assert find_problems(edit(library, "startfase", start="twee")) == [
        start("start", "De boom begint bij 'twee', en dat is niet centrale vraag 1.", "Zet er: start: een.")
    ]


def test_a_tree_has_one_end(library):
    tree = library.tree("startfase")
    second = replace(tree.node("einde"), slug="nog-een-einde")
    library = edit(library, "startfase", nodes=(*tree.nodes, second))
    library = edit(library, "startfase/nog-dieper/door", next="nog-een-einde")
    assert find_problems(library) == [start("nodes", "Aantal keren 'einde' in deze boom: 2.", "Maak er precies één.")]


@pytest.mark.parametrize("key", ["question", "help", "facilitator"])
def test_a_question_has_its_texts(library, key):
    assert find_problems(edit(library, "startfase/een", **{key: " "})) == [
        start(f"een, {key}", "Hier staat geen tekst.", "Vul de tekst in.")
    ]


@pytest.mark.parametrize(("key", "value"), [("title", "T"), ("text", "T"), ("follow_up", (FollowUp("Door", "twee"),))])
def test_a_question_has_nothing_of_an_end(library, key, value):
    assert find_problems(edit(library, "startfase/een", **{key: value})) == [
        start(f"een, {key}", "Dit hoort niet bij 'centraal'.", "Haal het weg, of verander de 'kind'.")
    ]


def test_a_deepening_question_has_no_number(library):
    assert find_problems(edit(library, "startfase/een-dieper", number=1)) == [
        start("een-dieper, number", "Dit hoort niet bij 'verdieping'.", "Haal het weg, of verander de 'kind'.")
    ]


@pytest.mark.parametrize("key", ["title", "text"])
def test_an_end_has_its_texts(library, key):
    assert find_problems(edit(library, "startfase/einde", **{key: ""})) == [
        start(f"einde, {key}", "Hier staat geen tekst.", "Vul de tekst in.")
    ]


@pytest.mark.parametrize(
    ("key", "value"), [("question", "Hoe?"), ("help", "Zo."), ("facilitator", "Zo."), ("number", 0), ("number", 4)]
)
def test_an_end_has_nothing_of_a_question(library, key, value):
    assert find_problems(edit(library, "startfase/einde", **{key: value})) == [
        start(f"einde, {key}", "Dit hoort niet bij 'einde'.", "Haal het weg, of verander de 'kind'.")
    ]


def test_an_end_has_no_answers(library):
    answers = library.tree("startfase").node("een").answers
    assert find_problems(edit(library, "startfase/einde", answers=answers)) == [
        start("einde, answers", "Dit hoort niet bij 'einde'.", "Haal het weg, of verander de 'kind'.")
    ]


def test_what_an_end_offers_leads_somewhere_and_says_so(library):
    offers = (FollowUp("Door", "twee"), FollowUp("", "nergens"))
    assert find_problems(edit(library, "startfase/einde", follow_up=offers)) == [
        start("einde, follow_up 2, text", "Hier staat geen tekst.", "Vul de tekst in."),
        start("einde, follow_up 2, next", "'nergens' bestaat niet.", NEXT_MEND),
    ]


def test_a_help_has_two_sentences_at_most(library):
    assert find_problems(edit(library, "startfase/een", help="Een. Twee. Drie.")) == [
        start("een, help", "Aantal zinnen: 3.", "Schrijf 1 tot en met 2 zinnen.")
    ]


# Choices


def test_a_question_has_three_answers_at_least(library):
    answers = library.tree("startfase").node("een").answers
    assert find_problems(edit(library, "startfase/een", answers=answers[1:])) == [
        start("een", "Aantal antwoorden: 2.", "Maak er 3 tot en met 5.")
    ]


def test_a_question_has_five_answers_at_most(library):
    answers = library.tree("startfase").node("een").answers
    more = tuple(replace(answers[0], slug=f"meer-{number}") for number in range(3))
    assert find_problems(edit(library, "startfase/een", answers=(*answers, *more))) == [
        start("een", "Aantal antwoorden: 6.", "Maak er 3 tot en met 5.")
    ]


def test_a_question_without_answers_is_a_dead_end(library):
    assert find_problems(edit(library, "startfase/nog-dieper", answers=())) == [
        start("nog-dieper", "Aantal antwoorden: 0.", "Maak er 3 tot en met 5."),
        start("nog-dieper", "Vanaf hier komt de groep nooit bij het einde.", END_MEND),
    ]


def test_the_slug_of_an_answer_is_there_once(library):
    library = edit(library, "startfase/een/als-buur", slug="door")
    assert find_problems(library) == [start("een/door", "Deze slug staat er 2 keer.", "Geef elk een eigen slug.")]


def test_answers_do_not_all_lead_to_the_same_place(library):
    library = edit(library, "startfase/twee-dieper/dieper", next="drie")
    what = "Alle antwoorden leiden naar dezelfde plek."
    assert find_problems(library) == [start("twee-dieper", what, "Laat er één ergens anders heen gaan.")]


def test_one_answer_at_least_is_not_for_everyone(library):
    library = edit(library, "startfase/een/als-buur", roles=("beleidsambtenaar", "inwoner", "wijkprofessional"))
    mend = "Maak één antwoord voor een of twee rollen."
    assert find_problems(library) == [start("een", "Elk antwoord is voor iedereen.", mend)]


def test_every_role_can_choose_at_every_question(library):
    for slug in ("door", "dieper"):
        library = edit(library, f"startfase/een/{slug}", roles=("inwoner", "wijkprofessional"))
    what = "Wie beleidsambtenaar is, kan hier niets kiezen."
    mend = "Zet 'beleidsambtenaar' bij de rollen van een antwoord."
    assert find_problems(library) == [start("een", what, mend)]


# Answers


@pytest.mark.parametrize("key", ["text", "reflection"])
def test_an_answer_has_its_texts(library, key):
    assert find_problems(edit(library, "startfase/een/door", **{key: ""})) == [
        start(f"een/door, {key}", "Hier staat geen tekst.", "Vul de tekst in.")
    ]


def test_an_answer_fits_in_its_speech_bubble(library):
    assert find_problems(edit(library, "startfase/een/door", text="a" * 90)) == []
    assert find_problems(edit(library, "startfase/een/door", text="a" * 91)) == [
        start("een/door, text", "Deze tekst heeft 91 tekens.", "Maak er hoogstens 90 van.")
    ]


def test_a_reflection_fits_on_the_beamer(library):
    long = "Ja. A" + "a" * 324 + "."
    assert find_problems(edit(library, "startfase/een/door", reflection=long)) == []
    assert find_problems(edit(library, "startfase/een/door", reflection="J" + long)) == [
        start("een/door, reflection", "Deze tekst heeft 331 tekens.", "Maak er hoogstens 330 van.")
    ]


@pytest.mark.parametrize(
    ("reflection", "what"),
    [
        ("Eén zin is te weinig.", "Aantal zinnen: 1."),
        ("Een. Twee. Drie. Vier. Vijf.", "Aantal zinnen: 5."),
        ("zonder punt", "Deze tekst eindigt niet met een punt."),
    ],
)
def test_a_reflection_has_two_to_four_sentences(library, reflection, what):
    assert find_problems(edit(library, "startfase/een/door", reflection=reflection)) == [
        start("een/door, reflection", what, "Schrijf 2 tot en met 4 zinnen.")
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Een. Twee! Drie? Vier…", 4),
        ("Vraag 'wat nu?' aan de buurt.", 1),
        ("Zij zegt: 'Kom maar.' Dan komt hij.", 2),
        ("Om 19.30 uur. 'Nu?' Één keer.", 3),
        ("", 0),
    ],
)
def test_sentences_are_counted_as_a_reader_counts_them(text, count):
    assert count_sentences(text) == count


@pytest.mark.parametrize(
    "target",
    ["nergens", "", "fase:", "fase:proeffase", "fase:richtfase/nergens", "fase:richtfase/", "fase:richtfase/een/door"],
)
def test_a_next_leads_to_a_place_that_exists(library, target):
    assert find_problems(edit(library, "startfase/een/dieper", next=target)) == [
        start("een/dieper, next", f"'{target}' bestaat niet.", NEXT_MEND)
    ]


def test_a_next_may_jump_to_the_middle_of_another_phase(library):
    assert find_problems(edit(library, "startfase/nog-dieper/dieper", next="fase:richtfase/drie-dieper")) == []


def test_a_role_of_an_answer_exists(library):
    assert find_problems(edit(library, "startfase/een/door", roles=("inwoner", "wethouder", "wijkprofessional"))) == [
        start("een/door, roles", "De rol 'wethouder' bestaat niet.", f"Kies uit: {ROLES}.")
    ]


def test_an_answer_is_for_somebody(library):
    assert find_problems(edit(library, "startfase/een/als-buur", roles=())) == [
        start("een/als-buur, roles", "Niemand kan dit antwoord kiezen.", f"Kies rollen uit: {ROLES}.")
    ]


def test_a_role_is_with_an_answer_once(library):
    assert find_problems(edit(library, "startfase/een/als-buur", roles=("inwoner", "inwoner"))) == [
        start("een/als-buur, roles", "'inwoner' staat er 2 keer.", "Laat er één staan.")
    ]


@pytest.mark.parametrize("count", [0, 3])
def test_an_answer_has_one_or_two_elements(library, count):
    uses = tuple(ElementUse(number, "Dit werkt als het kan.") for number in range(1, count + 1))
    assert find_problems(edit(library, "startfase/een/door", elements=uses)) == [
        start("een/door, elements", f"Aantal werkzame elementen: {count}.", "Kies er een of twee.")
    ]


def test_an_element_of_an_answer_exists(library):
    uses = (ElementUse(1, "Dit werkt als het kan."), ElementUse(11, "Dit werkt als het kan."))
    what = "Werkzaam element 11 bestaat niet."
    assert find_problems(edit(library, "startfase/een/door", elements=uses)) == [
        start("een/door, elements 2, number", what, "Kies een nummer uit elementen.yaml.")
    ]


def test_an_element_says_when_it_works(library):
    uses = (ElementUse(1, "Het werkt als het kan."), ElementUse(2, ""))
    assert find_problems(edit(library, "startfase/een/door", elements=uses)) == [
        start("een/door, elements 2, when", "Hier staat geen tekst.", "Vul de tekst in."),
        start("een/door, elements 1, when", "Deze zin begint anders dan de andere.", "Begin met 'Dit werkt als'."),
    ]


def test_an_element_is_with_an_answer_once(library):
    uses = (ElementUse(1, "Dit werkt als het kan."), ElementUse(1, "Dit werkt als het mag."))
    assert find_problems(edit(library, "startfase/een/door", elements=uses)) == [
        start("een/door, elements", "'1' staat er 2 keer.", "Laat er één staan.")
    ]


def test_an_intervention_of_an_answer_exists(library):
    uses = (InterventionUse("wonder", "Dat helpt."), InterventionUse("bruis", ""))
    assert find_problems(edit(library, "startfase/een/door", interventions=uses)) == [
        start("een/door, interventions 2, why", "Hier staat geen tekst.", "Vul de tekst in."),
        start(
            "een/door, interventions 1, slug",
            "De interventie 'wonder' bestaat niet.",
            "Kies uit: bruis, straat, talent, bestuur, huis.",
        ),
    ]


def test_an_intervention_is_with_an_answer_once(library):
    uses = (InterventionUse("bruis", "Dat helpt."), InterventionUse("bruis", "Dat helpt echt."))
    assert find_problems(edit(library, "startfase/een/door", interventions=uses)) == [
        start("een/door, interventions", "'bruis' staat er 2 keer.", "Laat er één staan.")
    ]


@pytest.mark.parametrize("phase", ["richtfase", "actiefase"])
def test_every_answer_in_the_plan_phases_adds_to_the_plan(library, phase):
    assert find_problems(edit(library, f"{phase}/een/door", plan=())) == [
        problem_in(phase)("een/door", "De sleutel 'plan' ontbreekt.", f"Zet 'plan' bij elk antwoord van de {phase}.")
    ]


def test_every_answer_in_the_evaluation_says_what_to_count_or_tell(library):
    mend = "Zet 'indicators' bij elk antwoord van de evaluatiefase."
    assert find_problems(edit(library, "evaluatiefase/een/door", indicators=())) == [
        problem_in("evaluatiefase")("een/door", "De sleutel 'indicators' ontbreekt.", mend)
    ]


def test_a_picture_may_be_left_out(library):
    assert find_problems(edit(library, "startfase/een/door", picture=())) == []


@pytest.mark.parametrize(
    ("phase", "key", "value"),
    [
        ("startfase", "plan", PlanPrompt("doel", "Doel: …")),
        ("evaluatiefase", "plan", PlanPrompt("doel", "Doel: …")),
        ("richtfase", "picture", PicturePrompt("mensen", "Wie: …")),
        ("actiefase", "indicators", Indicator("tellen", "Aantal.")),
    ],
)
def test_each_phase_leaves_only_its_own_thing_behind(library, phase, key, value):
    assert find_problems(edit(library, f"{phase}/een/door", **{key: (value,)})) == [
        problem_in(phase)(f"een/door, {key}", f"Dit hoort niet in de {phase}.", f"Haal '{key}' hier weg.")
    ]


def test_a_prompt_leaves_a_blank(library):
    mend = "Zet … op de plek om te schrijven."
    library = edit(library, "startfase/een/door", picture=(PicturePrompt("mensen", "Wie?"),))
    library = edit(library, "richtfase/een/door", plan=(PlanPrompt("doel", "Doel: …"), PlanPrompt("wie", "Wie ...")))
    assert find_problems(library) == [
        start("een/door, picture 1, prompt", "Hier kan de groep niets invullen.", mend),
        problem_in("richtfase")("een/door, plan 2, prompt", "Hier kan de groep niets invullen.", mend),
    ]


@pytest.mark.parametrize("prompt", ["Op … om … uur", "Op: … en later", "… is de dag: …"])
def test_a_moment_asks_for_one_day_and_nothing_else(library, prompt):
    assert find_problems(edit(library, "richtfase/een/door", plan=(PlanPrompt("moment", prompt),))) == [
        problem_in("richtfase")("een/door, plan 1, prompt", "Een moment is één dag.", "Zet één … aan het eind.")
    ]
    assert find_problems(edit(library, "richtfase/een/door", plan=(PlanPrompt("moment", "We starten op: …"),))) == []


def test_a_trekker_is_one_name(library):
    prompt = PlanPrompt("trekker", "De eerste stap doet: … Met: …")
    assert find_problems(edit(library, "richtfase/een/door", plan=(prompt,))) == [
        problem_in("richtfase")("een/door, plan 1, prompt", "Een trekker is één naam.", "Zet één … aan het eind.")
    ]


def test_a_prompt_leaves_room_to_write(library):
    line = PlanPrompt("doel", "Ons doel is " + "a" * 108 + "…")
    assert find_problems(edit(library, "richtfase/een/door", plan=(line,))) == [
        problem_in("richtfase")(
            "een/door, plan 1, prompt", "Deze tekst heeft 121 tekens.", "Maak er hoogstens 120 van."
        )
    ]


def test_an_empty_prompt_and_an_empty_indicator_are_reported_once(library):
    library = edit(library, "richtfase/een/door", plan=(PlanPrompt("doel", ""),))
    library = edit(library, "evaluatiefase/een/door", indicators=(Indicator("tellen", " "),))
    assert find_problems(library) == [
        problem_in("richtfase")("een/door, plan 1, prompt", "Hier staat geen tekst.", "Vul de tekst in."),
        problem_in("evaluatiefase")("een/door, indicators 1, text", "Hier staat geen tekst.", "Vul de tekst in."),
    ]


# Ways through the tree


def test_a_question_that_no_way_leads_to_is_a_problem(library):
    mend = "Laat een antwoord hierheen leiden, of haal deze vraag weg."
    assert find_problems(edit(library, "startfase/drie-dieper/dieper", next="drie")) == [
        start("nog-dieper", "Geen enkele weg leidt hierheen.", mend)
    ]


def test_a_question_that_only_a_jump_leads_to_is_reached(library):
    library = edit(library, "startfase/drie-dieper/dieper", next="drie")
    library = edit(library, "actiefase/nog-dieper/dieper", next="fase:startfase/nog-dieper")
    assert find_problems(library) == []


def test_a_jump_from_a_question_that_no_way_leads_to_does_not_count(library):
    library = edit(library, "startfase/drie-dieper/dieper", next="drie")
    library = edit(library, "actiefase/drie-dieper/dieper", next="drie")
    library = edit(library, "actiefase/nog-dieper/dieper", next="fase:startfase/nog-dieper")
    what, mend = "Geen enkele weg leidt hierheen.", "Laat een antwoord hierheen leiden, of haal deze vraag weg."
    assert find_problems(library) == [
        start("nog-dieper", what, mend),
        problem_in("actiefase")("nog-dieper", what, mend),
    ]


def test_a_loop_that_never_ends_is_a_problem(library):
    library = edit(library, "startfase/drie-dieper/door", next="nog-dieper")
    library = edit(library, "startfase/drie-dieper/dieper", next="nog-dieper")
    library = edit(library, "startfase/drie-dieper/als-buur", next="drie-dieper")
    library = edit(library, "startfase/nog-dieper/door", next="drie-dieper")
    library = edit(library, "startfase/nog-dieper/dieper", next="nog-dieper")
    library = edit(library, "startfase/nog-dieper/als-buur", next="drie-dieper")
    what = "Vanaf hier komt de groep nooit bij het einde."
    assert find_problems(library) == [start("drie-dieper", what, END_MEND), start("nog-dieper", what, END_MEND)]


def test_a_loop_that_never_ends_for_one_role_is_a_problem(library):
    # An inwoner can leave both questions by the answer for buren; who is no inwoner goes round and round.
    library = edit(library, "startfase/drie-dieper/door", next="nog-dieper")
    library = edit(library, "startfase/nog-dieper/door", next="drie-dieper")
    library = edit(library, "startfase/nog-dieper/dieper", next="nog-dieper")
    assert find_problems(library) == [
        start(
            node,
            f"Wie {role} is, komt vanaf hier nooit bij het einde.",
            f"Laat een antwoord voor '{role}' naar een vraag gaan die wel bij het einde komt.",
        )
        for node in ("drie-dieper", "nog-dieper")
        for role in ("wijkprofessional", "beleidsambtenaar")
    ]


def test_a_jump_to_another_phase_does_not_count_as_coming_to_the_end(library):
    for slug in ("door", "als-buur"):
        library = edit(library, f"startfase/nog-dieper/{slug}", next="fase:richtfase")
    library = edit(library, "startfase/nog-dieper/dieper", next="nog-dieper")
    assert find_problems(library) == [start("nog-dieper", "Vanaf hier komt de groep nooit bij het einde.", END_MEND)]


@pytest.mark.parametrize(
    ("place", "target", "number", "way", "goal", "passed"),
    [
        ("een/als-buur", "drie", 2, "een → drie", "drie", "twee"),
        ("een-dieper/als-buur", "drie", 2, "een → een-dieper → drie", "drie", "twee"),
        ("twee/als-buur", "einde", 3, "een → twee → einde", "einde", "drie"),
    ],
)
def test_no_way_leads_round_a_central_question(library, place, target, number, way, goal, passed):
    what = f"De groep kan centrale vraag {number} overslaan: {way}."
    assert find_problems(edit(library, f"startfase/{place}", next=target)) == [
        start(goal, what, f"Laat deze weg eerst langs '{passed}' gaan.")
    ]


def test_a_way_round_two_central_questions_is_told_for_each(library):
    assert find_problems(edit(library, "startfase/een-dieper/als-buur", next="drie-dieper")) == [
        start(
            "drie",
            "De groep kan centrale vraag 2 overslaan: een → een-dieper → drie-dieper → nog-dieper → drie.",
            "Laat deze weg eerst langs 'twee' gaan.",
        ),
        start(
            "einde",
            "De groep kan centrale vraag 3 overslaan: een → een-dieper → drie-dieper → einde.",
            "Laat deze weg eerst langs 'drie' gaan.",
        ),
    ]


def test_a_jump_may_lead_round_central_questions(library):
    assert find_problems(edit(library, "startfase/een-dieper/dieper", next="fase:richtfase")) == []


def test_a_jump_written_within_its_own_phase_may_not(library):
    what = "De groep kan centrale vraag 2 overslaan: een → drie."
    assert find_problems(edit(library, "startfase/een/als-buur", next="fase:startfase/drie")) == [
        start("drie", what, "Laat deze weg eerst langs 'twee' gaan.")
    ]


# Elements and interventions


@pytest.mark.parametrize(
    ("last", "found"), [(9, "1, 2, 3, 4, 5, 6, 7, 8, 9, 9"), (11, "1, 2, 3, 4, 5, 6, 7, 8, 9, 11")]
)
def test_the_elements_are_numbered_one_to_ten(library, last, found):
    library = replace(library, elements=(*library.elements[:9], replace(library.elements[9], number=last)))
    what = f"De nummers van de elementen zijn: {found}."
    problem = Problem("elementen.yaml", "elements", what, "Gebruik elk nummer van 1 tot en met 10 één keer.")
    assert [found for found in find_problems(library) if found.place == "elements"] == [problem]


def test_an_element_that_no_answer_uses_is_a_problem(library):
    for found in [*library.occurrences()]:
        if found.answer.elements[0].number == 10:
            place = f"{found.tree.phase}/{found.node.slug}/{found.answer.slug}"
            library = edit(library, place, elements=(replace(found.answer.elements[0], number=1),))
    assert find_problems(library) == [
        Problem(
            "elementen.yaml",
            "element-10",
            "Geen enkel antwoord gebruikt dit.",
            "Zet het bij een antwoord, of haal het weg.",
        )
    ]


def test_the_slug_of_an_element_is_there_once(library):
    library = replace(library, elements=(*library.elements[:9], replace(library.elements[9], slug="element-1")))
    assert find_problems(library) == [
        Problem("elementen.yaml", "element-1", "Deze slug staat er 2 keer.", "Geef elk een eigen slug.")
    ]


def test_an_element_has_no_empty_text(library):
    first = replace(library.elements[0], works_when=("Als.", " "), facts=(Fact("", "https://example.org/"),))
    assert find_problems(replace(library, elements=(first, *library.elements[1:]))) == [
        Problem("elementen.yaml", "element-1, works_when 2", "Hier staat geen tekst.", "Vul de tekst in."),
        Problem("elementen.yaml", "element-1, facts 1, text", "Hier staat geen tekst.", "Vul de tekst in."),
    ]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://example.org/a",
        "data:text/html,hoi",
        "//example.org/a",
        "example.org",
        "https://",
        "https:///weg",
        "http://[",
        "https://example.org/a b",
    ],
)
def test_a_source_is_a_page_on_the_web(library, link):
    element = replace(library.elements[0], facts=(Fact("Gezien.", "http://example.org/"), Fact("Gezien.", link)))
    intervention = replace(library.interventions[0], sources=(link,))
    library = replace(
        library,
        elements=(element, *library.elements[1:]),
        interventions=(intervention, *library.interventions[1:]),
    )
    what, mend = f"'{link}' is geen webadres.", "Begin met https:// of http://."
    assert find_problems(library) == [
        Problem("elementen.yaml", "element-1, facts 2, source", what, mend),
        Problem("interventies.yaml", "bruis, sources 1", what, mend),
    ]


def test_there_are_five_interventions(library):
    extra = replace(library.interventions[0], slug="extra")
    assert find_problems(replace(library, interventions=(*library.interventions, extra))) == [
        Problem("interventies.yaml", "interventions", "Aantal interventies: 6.", "Maak er 5."),
        Problem(
            "interventies.yaml",
            "extra",
            "Geen enkel antwoord gebruikt dit.",
            "Zet het bij een antwoord, of haal het weg.",
        ),
    ]


def test_the_elements_of_an_intervention_exist_and_are_there_once(library):
    first = replace(library.interventions[0], elements=(1, 12, 1))
    assert find_problems(replace(library, interventions=(first, *library.interventions[1:]))) == [
        Problem(
            "interventies.yaml",
            "bruis, elements",
            "Werkzaam element 12 bestaat niet.",
            "Kies een nummer uit elementen.yaml.",
        ),
        Problem("interventies.yaml", "bruis, elements", "'1' staat er 2 keer.", "Laat er één staan."),
    ]


def test_an_intervention_has_no_empty_text_and_its_level_may_be_left_out(library):
    first = library.interventions[0]
    first = replace(first, steps=("",), evidence=replace(first.evidence, level=None, year=None, text=""))
    assert find_problems(replace(library, interventions=(first, *library.interventions[1:]))) == [
        Problem("interventies.yaml", "bruis, steps 1", "Hier staat geen tekst.", "Vul de tekst in."),
        Problem("interventies.yaml", "bruis, evidence, text", "Hier staat geen tekst.", "Vul de tekst in."),
    ]


# Many at once, and anything at all


def test_every_problem_is_found_in_one_go(library):
    library = edit(library, "startfase/een", question="")
    library = edit(library, "richtfase/een/door", next="nergens")
    library = edit(library, "evaluatiefase", intro="")
    assert [(found.file, found.place) for found in find_problems(library)] == [
        ("startfase.yaml", "een, question"),
        ("richtfase.yaml", "een/door, next"),
        ("evaluatiefase.yaml", "intro"),
    ]


VALUES = st.one_of(
    st.none(),
    st.integers(-1, 12),
    st.sampled_from(
        ["", "een", "drie", "einde", "fase:richtfase", "fase:", "startfase", "inwoner", "bruis", "verdieping"]
    ),
    st.text(max_size=5),
    st.just([]),
)


@settings(max_examples=pick(30, 800))
@given(data=st.data())
def test_any_library_that_has_the_right_shape_gets_a_verdict(library, data):
    plain = msgspec.json.decode(msgspec.json.encode(library))
    for _ in range(data.draw(st.integers(1, 4), label="edits")):
        here: Any = plain
        while True:
            keys = sorted(here) if isinstance(here, dict) else range(len(here))
            key = data.draw(st.sampled_from(keys), label="key")
            if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.integers(0, 4)) == 0:
                break
            here = here[key]
        here[key] = data.draw(VALUES, label="value")
    try:
        changed = msgspec.convert(plain, Library)
    except msgspec.ValidationError:
        return
    problems = find_problems(changed)
    assert all(isinstance(found, Problem) and found.what and found.mend for found in problems)
