import msgspec
import pytest

from content.graph import Answer, Place, Role


@pytest.fixture
def tree(library):
    return library.tree("startfase")


def test_a_place_reads_as_phase_and_node():
    assert str(Place("startfase", "een")) == "startfase/een"


def test_a_struct_refuses_a_key_it_does_not_know():
    with pytest.raises(msgspec.ValidationError, match="unknown field `colour`"):
        msgspec.convert({"colour": "red"}, Role)


def test_a_struct_never_changes(library):
    with pytest.raises(AttributeError, match="immutable type: 'Role'"):
        library.roles[0].title = "Ander"


def test_a_library_gives_each_part_by_name(library):
    assert library.tree("actiefase") is library.trees[2]
    assert library.role("wijkprofessional") is library.roles[1]
    assert library.element(10) is library.elements[9]
    assert library.intervention("huis") is library.interventions[4]
    assert library.node(Place("richtfase", "drie")) is library.trees[1].nodes[4]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("tree", "proeffase"), ("role", "wethouder"), ("element", 11), ("intervention", "niets")],
)
def test_a_library_knows_what_it_has_not(library, kind, name):
    with pytest.raises(KeyError) as error:
        getattr(library, kind)(name)
    assert error.value.args == (name,)


@pytest.mark.parametrize(
    ("place", "missing"), [(Place("proeffase", "een"), "proeffase"), (Place("startfase", "vier"), "vier")]
)
def test_a_place_that_does_not_exist_says_which_part_is_missing(library, place, missing):
    with pytest.raises(KeyError) as error:
        library.node(place)
    assert error.value.args == (missing,)


def test_a_phase_starts_at_the_start_of_its_tree(library):
    assert library.start("evaluatiefase") == Place("evaluatiefase", "een")


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("twee", Place("startfase", "twee")),
        ("fase:actiefase", Place("actiefase", "een")),
        ("fase:actiefase/drie", Place("actiefase", "drie")),
        ("fase:startfase", Place("startfase", "een")),
        ("nergens", Place("startfase", "nergens")),
    ],
)
def test_a_next_leads_within_the_phase_or_to_another(library, target, place):
    assert library.resolve("startfase", target) == place


def test_every_answer_occurs_once_in_the_order_of_phases_nodes_and_letters(library):
    occurrences = tuple(library.occurrences())
    keys = [(found.tree.phase, found.node.slug, found.answer.slug) for found in occurrences]
    assert len(keys) == len(set(keys)) == 4 * 7 * 3
    assert keys[:4] == [
        ("startfase", "een", "door"),
        ("startfase", "een", "dieper"),
        ("startfase", "een", "als-buur"),
        ("startfase", "een-dieper", "door"),
    ]
    assert keys[-1] == ("evaluatiefase", "nog-dieper", "als-buur")


def test_a_tree_gives_its_central_questions_in_order(tree):
    assert [node.slug for node in tree.central] == ["een", "twee", "drie"]


def test_the_heading_of_a_question_is_the_question_and_of_an_end_its_title(tree):
    assert (tree.node("een").is_end, tree.node("een").heading) == (False, "Wat doen wij?")
    assert (tree.node("einde").is_end, tree.node("einde").heading) == (True, "Klaar")


def test_an_answer_is_found_by_slug_and_carries_the_letter_of_its_place(tree):
    node = tree.node("twee")
    assert node.answer("dieper") is node.answers[1]
    assert [node.letter(answer.slug) for answer in node.answers] == ["A", "B", "C"]


def test_an_answer_that_is_not_there_is_a_key_error(tree):
    with pytest.raises(KeyError) as error:
        tree.node("twee").answer("weg")
    assert error.value.args == ("weg",)


def test_a_letter_of_an_answer_that_is_not_there_is_an_error(tree):
    with pytest.raises(ValueError, match="not in list"):
        tree.node("twee").letter("weg")


def test_a_node_says_which_answers_each_role_may_give(tree):
    node = tree.node("een")
    assert node.open_to("inwoner") == ("door", "dieper", "als-buur")
    assert node.open_to("wijkprofessional") == ("door", "dieper")
    assert node.open_to("wethouder") == ()


def test_an_answer_needs_no_interventions_plan_picture_or_indicators():
    answer = Answer("ja", "Ja.", ("inwoner",), "twee", "Zo. En zo.", ())
    assert (answer.interventions, answer.plan, answer.picture, answer.indicators) == ((), (), (), ())


def test_a_library_survives_the_way_to_json_and_back(library):
    assert msgspec.json.decode(msgspec.json.encode(library), type=type(library)) == library
