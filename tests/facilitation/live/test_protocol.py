"""docs/protocol.md and the code say the same, both ways; and no frame from outside can do more than be refused."""

import ast
import json
import re
from functools import cache
from inspect import getsource
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin

import msgspec
import pytest
from django.conf import settings
from django.http import QueryDict
from django.urls import URLPattern
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from content.graph import Place
from facilitation.forms import read_command
from facilitation.live import gather, outlet, protocol, room, screens
from facilitation.live.routing import websocket_urlpatterns
from facilitation.messages import REFUSALS
from facilitation.server.serving import serve_command
from facilitation.urls import urlpatterns
from facilitation.views.answers import STATUS, status_of
from facilitation.views.forgery import refuse_forgery
from sessions.reading import audiences
from sessions.rules import machine
from sessions.rules.commands import COMMANDS
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, How, OpenStep, State, Status
from tests.plans import make_line

ROOT = Path(settings.BASE_DIR)
# Pages to read, to walk alone and to keep: no screen of a session. The protocol says so too.
READING = {"alone", "alone-node", "alone-answer", "alone-path", "library", "element", "intervention", "handbook"}
ACCOUNT = {"password_change"}
DOWNLOADS = "summary-"
ONLY_OVER_SOCKETS = {"bad-frame"}


@cache
def page() -> str:
    return (ROOT / "docs/protocol.md").read_text(encoding="utf-8")


def section(title: str, within: str | None = None) -> str:
    """The words under one heading, up to the next heading of that height or higher."""
    text = page() if within is None else within
    (start,) = re.finditer(rf"^(#+) {re.escape(title)}$", text, re.M)
    rest = text[start.end() :]
    following = re.search(rf"^#{{1,{len(start[1])}}} ", rest, re.M)
    return rest[: following.start()] if following else rest


def rows(text: str, first: str) -> list[list[str]]:
    """The rows of the table whose first column has this title, without the marks of code."""
    (table,) = re.findall(rf"^\| {re.escape(first)} \|.*\n\| ---.*\n((?:\|.*\n)+)", text.replace("`", ""), re.M)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def headings(text: str) -> list[str]:
    return re.findall(r"^### `(.+?)`$", text, re.M)


# ---- Routes ----


def written(pattern: URLPattern) -> str:
    """A Django route as the page writes it."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", str(pattern.pattern))


def test_every_route_of_a_session_is_on_the_page_and_no_other():
    known = {
        (route.name, written(route))
        for route in urlpatterns
        if route.name not in READING | ACCOUNT and not route.name.startswith(DOWNLOADS)
    }
    assert {(name, path) for name, _, path, _ in rows(section("Routes"), "name")} == known


def test_the_routes_left_out_exist():
    assert {route.name for route in urlpatterns} >= READING | ACCOUNT


def test_every_route_told_about_apart_is_in_the_table():
    names = {name for name, *_ in rows(section("Routes"), "name")}
    told = re.findall(r"^### (.+)$", section("Routes"), re.M)
    assert {name for heading in told for name in re.findall(r"`(.+?)`", heading)} == names - {"login", "logout"}


# Forms that, when refused, stay at an address that only takes a POST.
LEADS_AWAY = {
    "vote", "propose", "wipe", "command", "hands", "steps", "proposals", "send-away", "wifi", "network", "delete",
    "restore", "simulate",
    "plan-add", "plan-undo", "plan-next", "plan-forget", "plan-show", "plan-move", "plan-fold", "plan-pick",
    "merge", "part", "plan-withdraw", "evidence", "shared-remind", "reminder-stop",
}  # fmt: skip


@pytest.mark.django_db
def test_every_route_takes_the_methods_of_the_page_and_no_other(client_of, alice, session):
    """An address that does not take a method says 405, or (for who reloads a refused form) leads to its page."""
    line = make_line(session, kind="doel", prompt="")
    client = client_of(alice)
    for name, methods, path, _ in rows(section("Routes"), "name"):
        address = path.replace("<code>", session.code).replace("<line>", str(line.pk))
        address = (
            address.replace("<trajectory>", str(session.trajectory_id)).replace("<link>", "1").replace("<kind>", "md")
        )
        taken = set()
        for method in ("GET", "POST"):
            response = getattr(client, method.lower())(address)
            leads_away = method == "GET" and name in LEADS_AWAY and response.status_code == 302
            if response.status_code != 405 and not leads_away:
                taken.add(method)
        assert (name, taken) == (name, set(methods.split(", ")))
        client.force_login(alice)  # one of the routes logs out


def test_every_socket_is_on_the_page_and_no_other():
    assert {path for path, *_ in rows(section("Websockets"), "path")} == {
        written(route) for route in websocket_urlpatterns
    }


def test_the_close_codes_are_on_the_page():
    codes = {int(code) for code, *_ in rows(section("Websockets"), "close code")}
    ours = {screens.NO_SEAT, screens.NOT_HERE, screens.TRY_LATER, screens.CROWDED, outlet.FLOODED}
    assert codes == ours | {1009}


def test_a_message_that_is_too_long_is_the_same_on_the_page_at_home_and_hosted():
    (told,) = re.findall(r"a message over (\d+) KiB", section("Websockets"))
    limits = [f"--websocket-max-{part}-size={int(told) * 1024}" for part in ("message", "frame")]
    (hosted,) = re.findall(r"^CMD (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert [limit for limit in limits if limit in serve_command(8000)] == limits
    assert [limit for limit in limits if limit in json.loads(hosted)] == limits
    assert int(told) * 1024 >= 4 * protocol.MOST_BYTES  # a character takes four bytes at most


# ---- Frames ----


def subclasses(base: type) -> list[type]:
    return [kind for kind in vars(protocol).values() if isinstance(kind, type) and issubclass(kind, base)]


def tag(kind: type) -> str:
    return msgspec.inspect.type_info(kind).tag


def in_words(annotation: object) -> str:
    """A type as the page writes it."""
    words = {str: "string", int: "whole number", type(None): "null", protocol.Own: "object", protocol.OwnLine: "object"}
    if get_origin(annotation) in (Union, UnionType):
        parts = [in_words(part) for part in get_args(annotation)]
        return " or ".join(parts)
    if get_origin(annotation) is dict:
        return "object"
    if get_origin(annotation) is tuple:
        return f"list of {in_words(get_args(annotation)[0])}s"
    return words[annotation]


def fields_of(kind: type) -> list[tuple[str, str, str]]:
    found = []
    for field in msgspec.structs.fields(kind):
        # An optional field is left out instead of being null.
        annotation = field.type if field.required else next(iter(get_args(field.type) or (field.type,)))
        annotation = field.type if get_origin(field.type) is tuple else annotation
        found.append((field.encode_name, in_words(annotation), "required" if field.required else "optional"))
    return found


def told_fields(text: str, first: str = "field") -> list[tuple[str, str, str]]:
    if "| --- |" not in text:
        return []
    return [(name, type_, need) for name, type_, need, _ in rows(text, first)]


FRAMES = [("Frames in", kind) for kind in subclasses(protocol.In) if kind is not protocol.In] + [
    ("Frames out", kind) for kind in subclasses(protocol.Out) if kind is not protocol.Out
]


@pytest.mark.parametrize(("title", "base"), [("Frames in", protocol.In), ("Frames out", protocol.Out)])
def test_every_frame_is_on_the_page_and_no_other(title, base):
    assert sorted(headings(section(title))) == sorted(tag(kind) for kind in subclasses(base) if kind is not base)


@pytest.mark.parametrize(("title", "kind"), FRAMES, ids=lambda value: getattr(value, "__name__", value))
def test_every_field_of_a_frame_is_on_the_page_and_no_other(title, kind):
    assert told_fields(section(tag(kind).join("``"), section(title))) == fields_of(kind)


def test_every_field_of_an_own_vote_is_on_the_page_and_no_other():
    assert told_fields(section("`state`", section("Frames out")), "field of own") == fields_of(protocol.Own)


def test_every_example_on_the_page_is_a_frame_of_its_kind():
    shown = {}
    for title, base in (("Frames in", protocol.In), ("Frames out", protocol.Out)):
        kinds = Union[tuple(kind for kind in subclasses(base) if kind is not base)]  # noqa: UP007  made while running
        for text in re.findall(r"```json\n(.+?)```", section(title), re.S):
            frame = msgspec.json.decode(text, type=kinds)
            assert json.loads(msgspec.json.encode(frame)) == json.loads(text)
            shown[type(frame)] = True
    assert set(shown) == {kind for _, kind in FRAMES}


def test_the_page_tells_every_scene_and_no_other():
    returned = ast.walk(ast.parse(getsource(audiences.pick_scene)))
    # Every text in the function that picks the scene, but the two that are statuses and screens it looks at.
    texts = {node.value for node in returned if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {name for name, _ in rows(section("Frames out"), "scene")} == texts - {"revealed"}


def test_the_page_tells_every_status_and_no_other():
    told = [name for name, _ in rows(section("Frames out"), "status")]
    assert told == ["lobby", *get_args(Status)]


def test_the_limits_of_the_page_are_the_limits_of_the_code():
    (most,) = re.findall(r"at most (\d+) characters\. An unknown", section("Frames in"))
    assert int(most) == protocol.MOST_BYTES
    fields = rows(section("`vote`", section("Frames in")), "field")
    limits = {name: [int(number) for number in re.findall(r"\d+", meaning)] for name, _, _, meaning in fields}
    (id_most,), (low, high), (answer_most,) = limits["id"], limits["round"], limits["answer"]

    def is_taken(**changes) -> bool:
        fields = {"id": "x", "round": 1, "answer": "a", **changes}
        return read(json.dumps({"type": "vote", **fields})) == protocol.CastVote(**fields)

    tried = [
        (is_taken(id="x" * id_most), is_taken(id="x" * (id_most + 1))),
        (is_taken(answer="x" * answer_most), is_taken(answer="x" * (answer_most + 1))),
        (is_taken(round=low), is_taken(round=low - 1)),
        (is_taken(round=high), is_taken(round=high + 1)),
    ]
    assert tried == [(True, False)] * 4


def test_the_timings_of_the_page_are_the_timings_of_the_code():
    script = (ROOT / "static/js/live.js").read_text() + (ROOT / "static/js/phone.js").read_text()
    found = dict(re.findall(r"\b([A-Z_]+) = (\d+)[,;]", script))
    names = ("PING", "PONG", "WAKE_PONG", "CONNECT", "AWAY", "POLL", "PATIENCE", "ANSWER", "HIDDEN")
    client = [int(found[name]) / 1000 for name in names]
    server = [room.COUNT_SECONDS, room.LOOK_SECONDS, room.HEARTBEAT_SECONDS, gather.GATHER_SECONDS]
    told = [(float(seconds), who) for _, seconds, who in rows(section("Revisions, gaps and retries"), "timing")]
    assert told == [(seconds, "client") for seconds in client] + [(seconds, "server") for seconds in server]


# ---- Commands and refusals ----


def test_every_command_and_its_fields_are_on_the_page_and_no_other():
    def tell(kind: type) -> str:
        fields = msgspec.structs.fields(kind)
        return ", ".join(field.name if field.required else f"{field.name}?" for field in fields)

    told = [(name, fields) for name, fields, _ in rows(section("Commands"), "command")]
    assert sorted(told) == sorted((name, tell(kind)) for name, kind in COMMANDS.items())


def test_every_command_of_the_page_is_read_from_a_form():
    values = {
        "answer": "probleem",
        "how": "talk",
        "why": "Omdat.",
        "other": "Toch.",
        "follow_up": "Anders.",
        "choice": "1",
        "card": "element/x",
        "number": "22",
        "leaf": "2",
        "goal": "12",
        "subject": "17",
        "answers": "p3",
    }
    for name, fields, _ in rows(section("Commands"), "command"):
        given = {field: values[field] for field in fields.replace("?", "").split(", ") if field}
        data = QueryDict(mutable=True)
        data.update({"command": name, "version": "7", "desk": "3", **given})
        command, seen = read_command(data)
        assert (msgspec.to_builtins(command), seen) == (
            {"command": name, **{field: convert(field, text) for field, text in given.items()}},
            (7, 3),
        )


def convert(field: str, text: str) -> object:
    """What a command holds of a field of a form."""
    if field in ("subject", "answers"):
        return (text,) if field == "answers" else text
    return int(text) if text.isdigit() else text


def test_the_page_tells_the_ways_to_decide():
    (row,) = [meaning for name, _, meaning in rows(section("Commands"), "command") if name == "decide"]
    told = re.search(r"how is (\w+), (\w+) or (\w+);", row)
    assert told is not None
    assert told.groups() == get_args(How)


def ask(status: str, kind: str = "progress") -> tuple[Asking, ...]:
    """A round that is no question of a tree."""
    step = Asking(number=1, place=Place("startfase", ""), kind=kind, subject="1", status=status)
    return (msgspec.structs.replace(step, split=step.was_revealed),)


def test_the_page_tells_which_command_fits_where(library):
    """Tried on the machine: every state of the first question, an end, a break and the end of a session."""
    always = {
        "stop", "plan", "invite", "walk", "pause", "back", "return", "undo", "chairs", "shutdoor", "opendoor",
    }  # fmt: skip
    told = {
        where: set(re.findall(r"[a-z]+", re.sub(r"\(.*?\)", "", fits)))
        for where, fits in rows(section("Commands"), "where")
    }
    place = library.start("startfase")
    tree = next(tree for tree in library.trees if tree.phase == "startfase")
    end = next(node for node in tree.nodes if node.is_end)

    def allowed(**changes) -> set[str]:
        return set(machine.allowed(State(phase="startfase", **changes), library)) - always

    def at(status: str) -> tuple[Asking, ...]:
        return (Asking(number=1, place=place, status=status),)

    assert told == {
        "lobby": allowed(),
        "lobby, with open steps in the plan": allowed(open_steps=(OpenStep(1, "tellen"),)),
        **{f"a step of the plan, {status}": allowed(rounds=ask(status)) for status in ("open", "revealed", "decided")},
        **{
            f"a place for a step, {status}": allowed(rounds=(*at("decided"), *ask(status, "sort")))
            for status in ("open", "revealed")
        },
        **{
            f"the plan itself, {status}": allowed(rounds=(*at("decided"), *ask(status, "check")))
            for status in ("open", "revealed")
        },
        **{
            f"proposals, {status}": allowed(rounds=(*at("decided"), *ask(status, "support")))
            for status in ("reading", "open", "revealed")
        },
        **{status: allowed(rounds=at(status)) for status in get_args(Status)},
        "an end of a tree": allowed(rounds=(Asking(number=1, place=place._replace(node=end.slug)),)),
        "paused": allowed(rounds=at("open"), paused=True),
        "ended": allowed(rounds=at("open"), ended=True),
    }


def test_every_refusal_is_on_the_page_with_its_status_and_sentence_and_no_other(rf):
    forgery = refuse_forgery(rf.post("/", headers={"Accept": "application/json", "Cookie": "csrftoken=of-another-day"}))
    expected = {
        code: ("" if code in ONLY_OVER_SOCKETS else str(status_of(Refused(code))), sentence)
        for code, sentence in REFUSALS.items()
    }
    expected["forgery"] = (str(forgery.status_code), json.loads(forgery.content)["message"])
    told = {code: (status, sentence) for code, status, sentence in rows(section("Refusals"), "code")}
    assert told == expected


def test_every_reason_has_a_sentence_and_is_given_somewhere():
    files = [file for folder in ("sessions", "facilitation") for file in sorted((ROOT / folder).rglob("*.py"))]
    homes = ("refusals.py", "messages.py", "answers.py")
    source = "\n".join(file.read_text() for file in files if file.name not in homes)
    pages = "\n".join(file.read_text() for file in (ROOT / "templates").rglob("*.html"))
    assert list(REFUSALS) == list(Reason)
    given = {Reason[name] for name in re.findall(r"Reason\.([A-Z_]+)\b(?!:)", source)}
    given |= {Reason(code) for code in re.findall(r"\{% explain '([a-z-]+)' %\}", pages)}
    assert set(Reason) - given == set()
    assert set(STATUS) - set(Reason) == set()


# ---- Reading a frame from outside ----


def read(text: str | None) -> object:
    """The frame, or the code of the refusal. Anything else that is raised fails the test."""
    try:
        return protocol.read_frame(text)
    except Refused as refusal:
        return refusal.code


def is_frame_or_refused(text: str | None) -> bool:
    result = read(text)
    return result == "bad-frame" or isinstance(
        result, (protocol.CastVote, protocol.Withdraw, protocol.Ping, protocol.Look)
    )


JSON = st.deferred(
    lambda: (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.lists(JSON, max_size=4)
        | st.dictionaries(st.text(), JSON, max_size=4)
    )
)
ODD_TEXT = st.text(alphabet=st.characters(exclude_categories=()))  # lone surrogates and control characters too
ALMOST = st.fixed_dictionaries(
    {"type": st.sampled_from(["vote", "withdraw", "ping", "state", "Vote", "ack", ""]) | JSON},
    optional={"id": ODD_TEXT | JSON, "round": st.integers() | JSON, "answer": ODD_TEXT | JSON, "extra": JSON},
)


@tried(deadline=None)  # a busy machine is no fault
@given(st.binary())
def test_any_bytes_are_a_frame_or_refused(raw):
    assert is_frame_or_refused(raw.decode("utf-8", "surrogateescape"))


@tried(deadline=None)  # a busy machine is no fault
@given(ODD_TEXT)
def test_any_text_is_a_frame_or_refused(text):
    assert is_frame_or_refused(text)


@tried(deadline=None)  # a busy machine is no fault
@given(JSON)
def test_any_json_is_a_frame_or_refused(value):
    assert is_frame_or_refused(json.dumps(value))


@tried(deadline=None)  # a busy machine is no fault
@given(ALMOST)
def test_anything_like_a_frame_is_a_frame_or_refused_and_can_be_answered(value):
    frame = read(json.dumps(value))
    if isinstance(frame, protocol.CastVote):
        assert (frame.id, frame.round, frame.answer) == (value["id"], value["round"], value["answer"])
        # Whatever came in as id goes out again: it must be fit to write.
        answer = protocol.write_frame(protocol.Ack(id=frame.id, round=frame.round, answer=frame.answer))
        assert json.loads(answer) == {"type": "ack", "id": frame.id, "round": frame.round, "answer": frame.answer}
    elif isinstance(frame, protocol.Withdraw):
        assert (frame.id, frame.round) == (value["id"], value["round"])
    elif frame != "bad-frame":
        assert set(value) == {"type"}
        assert frame == {"ping": protocol.Ping(), "state": protocol.Look()}[value["type"]]


@tried(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=64), st.integers(1, 99_999), st.text(max_size=80))
def test_every_vote_of_the_right_shape_is_read(id_, round_, answer):
    text = json.dumps({"type": "vote", "id": id_, "round": round_, "answer": answer}, ensure_ascii=False)
    if len(text) <= protocol.MOST_BYTES:
        assert read(text) == protocol.CastVote(id=id_, round=round_, answer=answer)


@pytest.mark.parametrize(
    "text",
    [
        None,  # a binary frame
        "",
        "x" * 1024 * 1024,
        '{"type":"ping","x":"' + "y" * 1024 * 1024 + '"}',
        " " * (protocol.MOST_BYTES + 1),
        "[" * 4000,
        "[" * 2000 + "]" * 2000,
        '{"a":' * 700 + "1" + "}" * 700,
        '{"type":"ping","x":' + "[" * 2000 + "]" * 2000 + "}",
        '{"type":"vote","id":"\\ud800","round":1,"answer":"a"}',
        '{"type":"vote","id":"\ud800","round":1,"answer":"a"}',
        '{"type":"vote","id":"x","round":true,"answer":"a"}',
        '{"type":"vote","id":"x","round":1.5,"answer":"a"}',
        '{"type":"vote","id":"x","round":1e999,"answer":"a"}',
        '{"type":"vote","id":"x","round":' + "9" * 4000 + ',"answer":"a"}',
        '{"type":"vote","id":"x","round":1,"answer":null}',
        '{"type":"vote","id":"x","round":1}',
        '{"type":"vote","id":"x","round":1,"answer":"a","rol":"inwoner"}',
        '{"type":"vote","id":"x","round":1,"answer":"a","role":"' + "x" * 41 + '"}',
        '{"type":"withdraw","id":"x","round":1,"answer":"a"}',
        '{"type":"withdraw","id":"x","round":0}',
        '{"type":"ping","type":"state"}',
        '{"type":"ping"}{"type":"ping"}',
        '{"type":"PING"}',
        "NaN",
    ],
    ids=lambda text: repr(text)[:40],
)
def test_an_odd_frame_is_refused(text):
    assert read(text) == "bad-frame"
