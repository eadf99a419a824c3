"""Sockets and rooms: who is let in, what each screen hears, and what happens when something breaks."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import InMemoryChannelLayer, channel_layers, get_channel_layer
from django.db import OperationalError

from content.languages import BASE
from facilitation import messages
from facilitation.live import ballots, layer, presence, render, room, screens
from facilitation.live.manners import MOST_FRAMES_AT_ONCE
from facilitation.live.outlet import FLOODED
from facilitation.live.protocol import MOST_BYTES
from facilitation.live.screens import CROWDED, TRY_LATER
from facilitation.live.switchboard import switchboard
from sessions.models import GroupSession, Participant, Round, Vote
from sessions.reading import read_session
from sessions.rules.commands import COMMANDS
from sessions.writing import walk
from sessions.writing.meetings import delete_session, open_session, restore_session
from sessions.writing.plan import add_plan_line
from sessions.writing.seats import take_seat
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone, let_go_of_the_database, open_socket
from tests.plans import fill_line

INW, PRO, AMB = "inwoner", "wijkprofessional", "beleidsambtenaar"
OPEN_TO_ALL, FOR_INW, FOR_OTHERS = "probleem", "al-begonnen", "opdracht"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def _let_go(transactional_db: None) -> AsyncIterator[None]:
    yield
    await let_go_of_the_database()


def in_thread(function: Callable[..., Any]) -> Callable[..., Any]:
    """The database may not be asked from the loop itself."""
    return sync_to_async(function)


@in_thread
def do(session: GroupSession, *names: str, **fields: Any) -> None:
    for name in names:
        seen = GroupSession.objects.get(pk=session.pk).version
        run_command(session.code, COMMANDS[name](**fields), seen=seen, actor=LEADER)


make_phone = in_thread(Phone)


@in_thread
def log_in(user: Any) -> CarefulClient:
    client = CarefulClient()
    client.force_login(user)
    return client


@in_thread
def votes() -> list[tuple[int, str, str]]:
    return list(Vote.objects.order_by("round__number", "pk").values_list("round__number", "role", "answer"))


def beamer(session: GroupSession) -> str:
    return f"/ws/b/{session.code}/beamer"


def console(session: GroupSession) -> str:
    return f"/ws/b/{session.code}/console"


def phone_path(session: GroupSession) -> str:
    return f"/m/{session.code}/ws"


# ---- Who is let in ----


async def test_a_phone_with_a_seat_gets_the_state_with_its_own_vote_at_once(session):
    await do(session, "start", "open")
    phone = await make_phone(session.code, INW)
    await in_thread(phone.vote)(FOR_INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        frame = await socket.frame()
    assert (frame["type"], frame["version"], frame["scene"], frame["status"], frame["round"]) == (
        "state", 2, "question", "open", 1,
    )  # fmt: skip
    assert frame["choices"] == [OPEN_TO_ALL, "wens", FOR_INW, "eerst-luisteren"]
    assert frame["own"] == {"round": 1, "answer": FOR_INW}


@pytest.mark.parametrize("way", ["{}", "{} ", "{0[0]}{0[1]}{0[2]}-{0[3]}{0[4]}{0[5]}"])
@pytest.mark.parametrize("case", [str.lower, str.upper])
async def test_a_code_typed_in_another_way_hears_every_change_too(session, way, case):
    phone = await make_phone(session.code, INW)
    async with open_socket(f"/m/{case(way.format(session.code))}/ws", phone.client) as socket:
        assert (await socket.frame())["scene"] == "lobby"
        await do(session, "start")
        assert (await socket.until(type="state", version=1))["scene"] == "question"


REFUSALS = {
    "no-seat": (4401, "We kennen je plek niet meer. Kies opnieuw je rol. Dan doe je weer mee."),
    "unknown-code": (4404, "Deze code kennen we niet. Kijk nog eens op het scherm."),
    "unknown-session": (
        4404,
        "Deze bijeenkomst kennen we niet. Of hij is van een ander team. Kijk bij Jouw bijeenkomsten.",
    ),
}


async def turned_away(path: str, client: Any) -> str:
    """The code of the refusal, told in one frame before the socket closes with the code that belongs to it."""
    async with open_socket(path, client) as socket:
        closed = await socket.close_code()
    (frame,) = socket.heard
    code = frame["code"]
    assert frame == {"type": "refused", "code": code, "message": REFUSALS[code][1]}
    assert closed == REFUSALS[code][0]
    assert switchboard.rooms == {}
    return code


async def test_a_phone_without_a_seat_is_turned_away(session):
    phone = await make_phone(session.code, None)
    assert await turned_away(phone_path(session), phone.client) == "no-seat"
    await in_thread(phone.page)()  # a seat, but no role was chosen
    assert await turned_away(phone_path(session), phone.client) == "no-seat"


async def test_a_phone_with_a_forged_seat_or_one_of_another_session_is_turned_away(session, team, alice):
    other = await in_thread(open_session)(
        team=team, facilitator=alice, title="Elders", buurt="Elders", phase="startfase", actor=LEADER
    )
    phone = await make_phone(other.code, INW)
    phone.client.cookies[f"stoel_{session.code}"] = phone.client.cookies[f"stoel_{other.code}"].value
    assert await turned_away(phone_path(session), phone.client) == "no-seat"
    phone.client.cookies[f"stoel_{session.code}"] = "x:y:z"
    assert await turned_away(phone_path(session), phone.client) == "no-seat"


@pytest.mark.parametrize("code", ["BCDFGH", "xx", "%00", "%F0%9F%8C%B3", "K" * 400])
async def test_an_unknown_code_is_turned_away(session, alice, code):
    phone = await make_phone(session.code, INW)
    assert await turned_away(f"/m/{code}/ws", phone.client) == "unknown-code"
    leader = await log_in(alice)
    assert await turned_away(f"/ws/b/{code}/console", leader) == "unknown-session"


@pytest.mark.parametrize("path", [beamer, console], ids=["beamer", "console"])
@pytest.mark.parametrize("who", ["stranger", "participant", "bob"])
async def test_only_the_team_gets_the_wall_and_the_desk(session, bob, path, who):
    if who == "participant":
        client = (await make_phone(session.code, INW)).client
    else:
        client = await log_in(bob) if who == "bob" else CarefulClient()
    assert await turned_away(path(session), client) == "unknown-session"


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://elders.example",
        "http://localhost.elders.example",
        "http://localhost:9000",
        "https://localhost",
    ],
)
async def test_another_site_cannot_open_a_socket_with_our_cookies(session, origin):
    phone = await make_phone(session.code, INW)
    with pytest.raises(ConnectionRefusedError):
        async with open_socket(phone_path(session), phone.client, origin=origin):
            pass


# ---- Voting ----


async def test_a_vote_is_acknowledged_when_it_is_on_disk_and_stays_after_a_reload(session):
    await do(session, "start", "open")
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.send(type="vote", id="k3x9", round=1, answer=FOR_INW)
        assert await socket.until(type="ack") == {"type": "ack", "id": "k3x9", "round": 1, "answer": FOR_INW}
        assert await votes() == [(1, INW, FOR_INW)]
    async with open_socket(phone_path(session), phone.client) as socket:
        assert (await socket.frame())["own"] == {"round": 1, "answer": FOR_INW}


async def test_a_vote_that_is_sent_again_or_changed_counts_once(session):
    await do(session, "start", "open")
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        for number, answer in enumerate((FOR_INW, FOR_INW, "wens")):
            await socket.send(type="vote", id=str(number), round=1, answer=answer)
        for number in range(3):
            await socket.until(type="ack", id=str(number))
    assert await votes() == [(1, INW, "wens")]


async def test_a_vote_is_taken_back_over_a_socket_as_well(session):
    await do(session, "start", "open")
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.send(type="vote", id="1", round=1, answer="wens", role=INW)
        await socket.until(type="ack")
        await socket.send(type="withdraw", id="2", round=1, role=INW)
        assert await socket.until(type="ack") == {"type": "ack", "id": "2", "round": 1, "answer": None}
        assert await votes() == []
        await socket.send(type="vote", id="3", round=1, answer="", role=INW)
        assert (await socket.until(type="refused"))["code"] == "no-answer"
        await do(session, "close")
        await socket.send(type="withdraw", id="4", round=1)
        assert (await socket.until(type="refused", id="4"))["code"] == "round-closed"


async def test_two_tabs_and_a_post_of_one_phone_are_one_vote_and_the_last_one_counts(session):
    await do(session, "start", "open")
    phone = await make_phone(session.code, INW)
    async with (
        open_socket(phone_path(session), phone.client) as one,
        open_socket(phone_path(session), phone.client) as two,
    ):
        await one.send(type="vote", id="1", round=1, answer=FOR_INW)
        await one.until(type="ack")
        await two.send(type="vote", id="2", round=1, answer="wens")
        await two.until(type="ack")
        await in_thread(phone.vote)(OPEN_TO_ALL)
        await one.send(type="state")
        assert (await one.until(type="state", own={"round": 1, "answer": OPEN_TO_ALL}))["version"] == 2
    assert await votes() == [(1, INW, OPEN_TO_ALL)]


REFUSED_VOTES = {
    "for another role": (("start", "open"), 1, FOR_OTHERS, "other-role"),
    "for an answer that is not there": (("start", "open"), 1, "geen", "unknown-answer"),
    "while reading": (("start",), 1, OPEN_TO_ALL, "round-reading"),
    "after closing": (("start", "open", "close"), 1, OPEN_TO_ALL, "round-closed"),
    "in the lobby": ((), 1, OPEN_TO_ALL, "round-old"),
    "in an old round": (("start", "open", "close", "again", "open"), 1, OPEN_TO_ALL, "round-old"),
    "in a break": (("start", "open", "pause"), 1, OPEN_TO_ALL, "paused"),
    "after the end": (("start", "open", "stop"), 1, OPEN_TO_ALL, "ended"),
}


@pytest.mark.parametrize(("way", "number", "answer", "code"), REFUSED_VOTES.values(), ids=REFUSED_VOTES)
async def test_a_vote_that_cannot_count_is_answered_with_its_id_and_changes_nothing(session, way, number, answer, code):
    phone = await make_phone(session.code, INW)
    await do(session, *way)
    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.send(type="vote", id="7", round=number, answer=answer)
        assert await socket.until(type="refused") == {
            "type": "refused",
            "code": code,
            "message": messages.REFUSALS[code],  # the same sentences as over HTTP, see test_phone
            "id": "7",
        }
        await socket.send(type="ping")  # the socket is still good
        await socket.until(type="pong")
    assert await votes() == []


async def test_who_watches_cannot_vote(session):
    await do(session, "start", "open")
    phone = await make_phone(session.code, "")
    async with open_socket(phone_path(session), phone.client) as socket:
        assert "choices" not in await socket.frame()
        await socket.send(type="vote", id="1", round=1, answer=OPEN_TO_ALL)
        assert (await socket.until(type="refused"))["code"] == "watching"
    assert await votes() == []


@pytest.mark.parametrize("path", [beamer, console], ids=["beamer", "console"])
async def test_the_wall_and_the_desk_cannot_vote(session, alice, path):
    await do(session, "start", "open")
    leader = await log_in(alice)
    async with open_socket(path(session), leader) as socket:
        await socket.send(type="vote", id="1", round=1, answer=OPEN_TO_ALL)
        refused = await socket.until(type="refused")
    assert (refused["code"], refused["id"]) == ("bad-frame", "1")
    assert await votes() == []


async def test_who_changed_role_in_another_tab_votes_and_sees_as_that_role(session):
    await do(session, "start", "open")
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.frame()
        await in_thread(phone.choose)(PRO)
        # This tab still shows the old role, and says so: an answer for everybody is not stored as of the new one.
        await socket.send(type="vote", id="1", round=1, answer=OPEN_TO_ALL, role=INW)
        assert (await socket.until(type="refused"))["code"] == "role-changed"
        assert await votes() == []
        await socket.send(type="state")
        state = await socket.until(type="state")
        assert (state["role"], FOR_OTHERS in state["choices"]) == (PRO, True)
        await do(session, "close")  # and from then on it is told as that role too
        assert FOR_OTHERS in (await socket.until(type="state", status="closed"))["choices"]


async def test_votes_that_arrive_together_are_written_in_few_transactions(session, monkeypatch):
    await do(session, "start", "open")
    phones = [await make_phone(session.code, INW) for _ in range(12)]
    batches = []
    cast = ballots.votes.write

    def watch(waiting):
        batches.append(len(waiting))
        return cast(waiting)

    monkeypatch.setattr(ballots.votes, "write", watch)
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(open_socket(phone_path(session), phone.client)) for phone in phones]
        await asyncio.gather(*(socket.send(type="vote", id="1", round=1, answer="wens") for socket in sockets))
        await asyncio.gather(*(socket.until(type="ack", id="1") for socket in sockets))
    assert sum(batches) == 12
    assert len(batches) <= 4
    assert await votes() == [(1, INW, "wens")] * 12


async def test_a_bad_vote_in_a_batch_does_not_take_the_good_ones_along(session):
    await do(session, "start", "open")
    phones = [await make_phone(session.code, INW) for _ in range(6)]
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(open_socket(phone_path(session), phone.client)) for phone in phones]
        answers = ["wens", FOR_OTHERS] * 3
        await asyncio.gather(
            *(s.send(type="vote", id="1", round=1, answer=answer) for s, answer in zip(sockets, answers, strict=True))
        )
        for socket, answer in zip(sockets, answers, strict=True):
            frame = await socket.until(id="1")
            assert frame["type"] == ("ack" if answer == "wens" else "refused")
    assert await votes() == [(1, INW, "wens")] * 3


async def test_no_vote_slips_in_behind_a_close(session):
    """Many votes and a close at once: whoever got an acknowledgement is counted, and nobody else."""
    await do(session, "start", "open")
    phones = [await make_phone(session.code, INW) for _ in range(10)]
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(open_socket(phone_path(session), phone.client)) for phone in phones]

        async def vote(socket) -> str:
            await socket.send(type="vote", id="1", round=1, answer="wens")
            return (await socket.until(id="1"))["type"]

        kinds, _ = await asyncio.gather(asyncio.gather(*map(vote, sockets)), do(session, "close"))
    assert len(await votes()) == kinds.count("ack")
    assert set(kinds) <= {"ack", "refused"}


# ---- Frames that make no sense ----


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "[]",
        "null",
        '{"type":"hack"}',
        '{"type":"vote"}',
        "[" * 3000,
        "x" * (MOST_BYTES + 1),
        "y" * 1_000_000,
        '{"type":"vote","id":"\\ud800","round":1,"answer":"wens"}',
        '{"type":"vote","id":"1","round":"1","answer":"wens"}',
    ],
    ids=lambda text: text[:24],
)
async def test_a_frame_that_makes_no_sense_is_refused_and_the_socket_stays_good(session, text):
    await do(session, "start", "open")
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.frame()
        await socket.send_text(text)
        assert await socket.until(type="refused") == {
            "type": "refused",
            "code": "bad-frame",
            "message": "Dat bericht begrijpen we niet. Ververs de pagina en probeer het opnieuw.",
        }
        await socket.send(type="vote", id="1", round=1, answer="wens")
        await socket.until(type="ack")


async def test_a_binary_frame_is_refused(session):
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.send_bytes(b"\x00\xff" * 100)
        assert (await socket.until(type="refused"))["code"] == "bad-frame"


# ---- What every screen hears ----


async def test_a_change_reaches_every_screen_once_in_its_own_words(session, alice):
    phones = {role: await make_phone(session.code, role) for role in (INW, PRO, "")}
    leader = await log_in(alice)
    async with AsyncExitStack() as stack:
        paths = {role: (phone_path(session), phone.client) for role, phone in phones.items()}
        paths |= {"beamer": (beamer(session), leader), "console": (console(session), leader)}
        sockets = {n: await stack.enter_async_context(open_socket(path, client)) for n, (path, client) in paths.items()}
        for socket in sockets.values():
            await socket.frame()
        await do(session, "start", "open")
        frames = {name: await socket.until(type="state", version=2) for name, socket in sockets.items()}
    choices = {name: frame.get("choices", []) for name, frame in frames.items()}
    assert choices == {
        INW: [OPEN_TO_ALL, "wens", FOR_INW, "eerst-luisteren"],
        PRO: [OPEN_TO_ALL, "wens", FOR_OTHERS, "eerst-luisteren"],
        "": [], "beamer": [], "console": [],
    }  # fmt: skip
    assert len({frame["html"] for frame in frames.values()}) == 5
    assert [name for name, frame in frames.items() if "own" in frame] == []


async def test_a_vote_reaches_the_wall_and_the_desk_as_counts_and_the_other_phones_not_at_all(session, alice):
    await do(session, "start", "open")
    voter, other = await make_phone(session.code, INW), await make_phone(session.code, INW)
    leader = await log_in(alice)
    async with (
        open_socket(phone_path(session), voter.client) as mine,
        open_socket(phone_path(session), other.client) as looking_on,
        open_socket(beamer(session), leader) as wall,
        open_socket(console(session), leader) as desk,
    ):
        await looking_on.frame()
        await mine.send(type="vote", id="1", round=1, answer="wens")
        await mine.until(type="ack")
        for screen, told in ((wall, "<b>1 van 2</b>"), (desk, "1 <small>van 2</small>")):
            counts = await screen.until(type="counts")
            while told not in counts["html"]:
                counts = await screen.until(type="counts")
            assert set(counts) == {"type", "revision", "html"}
            assert counts["revision"] == 2
        assert await looking_on.is_silent(1)


async def test_counts_come_a_few_times_a_second_at_most(session, alice, monkeypatch):
    monkeypatch.setattr(room, "COUNT_SECONDS", 0.5)
    await do(session, "start", "open")
    phones = [await make_phone(session.code, INW) for _ in range(8)]
    leader = await log_in(alice)
    async with open_socket(beamer(session), leader) as wall:
        await wall.frame()
        await asyncio.sleep(0.6)
        begin = time.monotonic()
        for phone in phones:
            await in_thread(phone.vote)("wens")
        while "<b>8 van 8</b>" not in (await wall.until(type="counts"))["html"]:
            pass
        passed = time.monotonic() - begin
    heard = [frame for frame in wall.heard if frame["type"] == "counts"]
    assert len(heard) <= 2 + passed / 0.5


async def test_a_state_does_not_wait_for_the_counts(session, alice, monkeypatch):
    monkeypatch.setattr(room, "COUNT_SECONDS", 30)
    leader, phone = await log_in(alice), await make_phone(session.code, INW)
    async with open_socket(beamer(session), leader) as wall, open_socket(phone_path(session), phone.client):
        await wall.frame()
        begin = time.monotonic()
        await do(session, "start")
        await wall.until(type="state", version=1)
        assert time.monotonic() - begin < 10


async def test_a_line_of_the_plan_reaches_the_wall(session, alice):
    await do(session, "plan")
    leader = await log_in(alice)
    line = await in_thread(add_plan_line)(session.trajectory_id, "doel", {}, actor=LEADER)
    async with open_socket(beamer(session), leader) as wall:
        await wall.frame()
        await in_thread(fill_line)(line, "Veilig <b>naar</b> school 🌳")
        frame = await wall.until(type="state")
        while "school" not in frame["html"]:
            frame = await wall.until(type="state")
    assert "Veilig &lt;b&gt;naar&lt;/b&gt; school 🌳" in frame["html"]


async def test_rooms_do_not_hear_each_other(session, team, alice):
    other = await in_thread(open_session)(
        team=team, facilitator=alice, title="Elders", buurt="Elders", phase="startfase", actor=LEADER
    )
    leader = await log_in(alice)
    async with open_socket(beamer(session), leader) as here, open_socket(beamer(other), leader) as there:
        await here.until(type="counts")  # a new room looks once for what it may have missed
        await there.until(type="counts")
        await do(session, "start")
        await here.until(type="state", version=1)
        assert await there.is_silent(0.5)


async def test_a_screen_that_comes_back_gets_what_it_missed(session, alice):
    leader = await log_in(alice)
    async with open_socket(beamer(session), leader) as wall:
        await wall.frame()
    await do(session, "start", "open", "close")
    async with open_socket(beamer(session), leader) as wall:
        frame = await wall.frame()
    assert (frame["version"], frame["status"]) == (3, "closed")


async def test_a_ping_is_answered_with_the_newest_version(session):
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        await do(session, "start", "open")
        await socket.until(type="state", version=2)
        await socket.send(type="ping")
        assert await socket.until(type="pong") == {"type": "pong", "revision": 2}


async def test_asking_for_the_state_gives_it_again(session):
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        first = await socket.frame()
        await socket.send(type="state")
        assert await socket.until(type="state") == first


async def test_who_is_connected_counts_as_present(session, monkeypatch):
    phone = await make_phone(session.code, INW)
    await in_thread(Participant.objects.update)(seen_at="2020-01-01T00:00Z")
    assert (await in_thread(read_session)(session.code, BASE)).people == ()
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(room, "HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(presence, "WRITE_SECONDS", 0.1)
    async with open_socket(phone_path(session), phone.client):
        await until(in_thread(lambda: read_session(session.code, BASE).count_here(INW) == 1))
        await in_thread(Participant.objects.update)(seen_at="2020-01-01T00:00Z")
        await until(in_thread(lambda: read_session(session.code, BASE).count_here(INW) == 1))  # the heart beats


async def until(check: Callable[[], Any], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.05)


async def test_a_phone_that_floods_is_cut_off_and_the_others_go_on(session):
    await do(session, "start", "open")
    loud, calm = await make_phone(session.code, INW), await make_phone(session.code, INW)
    path = phone_path(session)
    async with open_socket(path, loud.client) as flood, open_socket(path, calm.client) as one:
        await flood.frame()
        for number in range(3 * MOST_FRAMES_AT_ONCE):
            await flood.send(type="vote", id=str(number), round=1, answer="wens")
        assert await flood.close_code() == FLOODED
        await one.send(type="vote", id="1", round=1, answer="wens")
        await one.until(type="ack", id="1")
    assert await votes() == [(1, INW, "wens")] * 2


async def test_the_sockets_of_one_phone_may_not_say_more_than_one(session):
    phone, calm = await make_phone(session.code, INW), await make_phone(session.code, INW)
    path = phone_path(session)
    async with AsyncExitStack() as stack:
        flood = [await stack.enter_async_context(open_socket(path, phone.client)) for _ in range(4)]
        one = await stack.enter_async_context(open_socket(path, calm.client))
        for socket in (*flood, one):
            await socket.frame()
        for socket in flood:
            for _ in range(30):  # of each alone well within what is allowed
                await socket.send(type="ping")

        async def is_one_cut_off() -> bool:
            return len(switchboard.rooms[session.code].members) < 5

        await until(is_one_cut_off)
        await one.send(type="ping")
        await one.until(type="pong")


async def test_of_more_than_four_sockets_of_a_phone_the_newest_stay(session):
    phone = await make_phone(session.code, INW)
    async with AsyncExitStack() as stack:
        sockets = []
        for _ in range(6):
            sockets.append(await stack.enter_async_context(open_socket(phone_path(session), phone.client)))
            await sockets[-1].frame()
        assert [await socket.close_code() for socket in sockets[:2]] == [CROWDED, CROWDED]
        for socket in sockets[2:]:
            await socket.send(type="ping")
            await socket.until(type="pong")
        assert len(switchboard.rooms[session.code].members) == 4


async def test_a_screen_that_asks_for_its_state_many_times_at_once_is_answered_twice_at_most(session, monkeypatch):
    phone = await make_phone(session.code, INW)
    asked = []
    compose = screens.PhoneScreen.compose_state

    def slowly(self):
        asked.append(1)
        time.sleep(0.3)
        return compose(self)

    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.frame()
        monkeypatch.setattr(screens.PhoneScreen, "compose_state", slowly)
        for _ in range(20):
            await socket.send(type="state")
        await socket.until(type="state")
        await socket.until(type="state")
        assert await socket.is_silent()
    assert len(asked) <= 2 * screens.TRIES  # and no more, however often it asks


# ---- Rooms ----


async def test_a_room_is_there_as_long_as_somebody_is_in_it(session, alice):
    phone, leader = await make_phone(session.code, INW), await log_in(alice)
    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.frame()
        async with open_socket(beamer(session), leader) as wall:
            await wall.frame()
            assert {code: len(here.members) for code, here in switchboard.rooms.items()} == {session.code: 2}
        assert {code: len(here.members) for code, here in switchboard.rooms.items()} == {session.code: 1}
    assert switchboard.rooms == {}


async def test_a_screen_that_went_away_does_not_keep_the_others_waiting(session, alice):
    leader = await log_in(alice)
    async with open_socket(beamer(session), leader) as wall:
        await wall.frame()
        here = switchboard.rooms[session.code]

        class Gone:
            audience = next(iter(here.members)).audience
            participant = None
            shown = ""

            @staticmethod
            def check_right():
                pass

            class outlet:  # noqa: N801
                @staticmethod
                async def show(text: str) -> None:
                    raise ConnectionResetError

        here.members |= {Gone() for _ in range(5)}
        await do(session, "start")
        await wall.until(type="state", version=1)
        here.members -= {member for member in here.members if isinstance(member, Gone)}


async def test_when_the_database_is_away_a_vote_is_told_to_wait_and_counts_later(session, monkeypatch):
    await do(session, "start", "open")
    phone = await make_phone(session.code, INW)

    def fail(*args):
        raise OperationalError("no database here")

    async with open_socket(phone_path(session), phone.client) as socket:
        with monkeypatch.context() as broken:
            broken.setattr(ballots.votes, "write", fail)
            await socket.send(type="vote", id="1", round=1, answer="wens")
            assert await socket.until(type="refused") == {
                "type": "refused",
                "code": "busy",
                "message": "Het lukt nu even niet. We proberen het opnieuw.",
                "id": "1",
            }
        await socket.send(type="vote", id="2", round=1, answer="wens")
        await socket.until(type="ack", id="2")
    assert await votes() == [(1, INW, "wens")]


async def test_when_the_database_is_away_a_screen_is_asked_to_come_back_and_leaves_nothing_behind(
    session, alice, monkeypatch
):
    leader = await log_in(alice)

    def fail(*args):
        raise OperationalError("no database here")

    with monkeypatch.context() as broken:
        broken.setattr(screens, "read_session", fail)
        async with open_socket(beamer(session), leader) as wall:
            assert await wall.close_code() == TRY_LATER
            assert switchboard.rooms == {}  # already, before the client has answered
        assert wall.heard == []
    async with open_socket(beamer(session), leader) as wall:
        assert (await wall.frame())["scene"] == "lobby"


async def test_a_room_that_could_not_show_its_state_tries_again(session, alice, monkeypatch):
    leader = await log_in(alice)
    tried = []
    draw_all = render.draw_all

    def fail_once(*args):
        tried.append(args)
        if len(tried) == 1:
            raise OperationalError("no database here")
        return draw_all(*args)

    async with open_socket(beamer(session), leader) as wall:
        await wall.frame()
        await asyncio.sleep(0.3)
        monkeypatch.setattr(switchboard.rooms[session.code], "_draw", fail_once)
        await do(session, "start")
        await wall.until(type="state", version=1)
    assert len(tried) >= 2


async def test_when_the_channel_layer_is_silent_this_process_still_hears_of_the_change(session, alice, monkeypatch):
    class SilentLayer(InMemoryChannelLayer):
        async def group_send(self, group, message):
            raise ConnectionRefusedError

    leader = await log_in(alice)
    async with open_socket(beamer(session), leader) as wall:
        await wall.frame()
        monkeypatch.setattr(channel_layers, "backends", {"default": SilentLayer()})
        await do(session, "start")
        await wall.until(type="state", version=1)


async def test_what_another_process_wrote_is_heard_over_the_channel_layer(session, alice, monkeypatch):
    """The command itself tells nobody; only the message of the layer does."""
    leader = await log_in(alice)
    async with open_socket(beamer(session), leader) as wall:
        await wall.until(type="counts")  # a new room looks once for what it may have missed
        monkeypatch.setattr(walk, "tell_after_commit", lambda *args: None)
        await do(session, "start")
        assert await wall.is_silent(0.5)
        changes = layer.Changes(type="change", process="another", kinds={session.code: "state"})
        await get_channel_layer().group_send(layer.CHANGES, changes)
        await wall.until(type="state", version=1)


async def test_a_change_that_no_message_told_of_is_found_all_the_same(session, alice, monkeypatch):
    await do(session, "start")
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.1)
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.frame()
        await asyncio.sleep(0.5)
        monkeypatch.setattr(walk, "tell_after_commit", lambda *args: None)
        await do(session, "open")
        await socket.until(type="state", version=2)


async def test_a_session_that_is_deleted_says_so_on_every_screen(session, alice):
    phone, leader = await make_phone(session.code, INW), await log_in(alice)
    async with open_socket(phone_path(session), phone.client) as socket, open_socket(beamer(session), leader) as wall:
        await socket.frame()
        await wall.frame()
        await in_thread(session.delete)()
        await socket.send(type="state")
        assert (await socket.until(type="refused"))["code"] == "deleted"
        assert await socket.close_code() == 4404
        await wall.send(type="state")
        assert (await wall.until(type="refused"))["code"] == "unknown-session"
        assert await wall.close_code() == 4404


async def test_a_meeting_that_a_facilitator_deletes_closes_every_screen_once_and_for_good(session, alice):
    phone, leader = await make_phone(session.code, INW), await log_in(alice)
    async with open_socket(phone_path(session), phone.client) as socket, open_socket(beamer(session), leader) as wall:
        await socket.frame()
        await wall.frame()
        await in_thread(delete_session)(session.code, actor=LEADER)
        for screen, words in ((socket, "deleted"), (wall, "restorable")):
            await screen.until(type="refused", code=words)
            assert await screen.close_code() == 4404
    page = await in_thread(phone.page)()
    assert "De begeleider heeft deze bijeenkomst verwijderd. Je hoeft niets te doen." in page.content.decode()
    assert await in_thread(phone.vote)("wens", as_json=True)
    assert await votes() == []
    await in_thread(restore_session)(session.code, actor=LEADER)
    async with open_socket(phone_path(session), phone.client) as socket:
        await socket.until(type="state")


# ---- Rights ----


def log_out(client: Any, alice: Any, team: Any) -> None:
    client.post("/uitloggen")


def leave_team(client: Any, alice: Any, team: Any) -> None:
    team.members.remove(alice)


def change_password(client: Any, alice: Any, team: Any) -> None:
    alice.set_password("een-heel-ander-wachtwoord")
    alice.save()


def close_account(client: Any, alice: Any, team: Any) -> None:
    alice.is_active = False
    alice.save()


@pytest.mark.parametrize(
    ("lose", "code"), [(log_out, 4401), (leave_team, 4404), (change_password, 4401), (close_account, 4401)]
)
async def test_who_loses_the_right_to_a_session_sees_nothing_more_at_once(session, alice, bob, team, lose, code):
    await in_thread(team.members.add)(bob)
    client, other = await log_in(alice), await log_in(bob)
    async with open_socket(beamer(session), client) as wall, open_socket(beamer(session), other) as stays:
        await wall.frame()
        await stays.frame()
        await in_thread(lose)(client, alice, team)
        assert await wall.close_code() == code
        await stays.send(type="state")
        await stays.until(type="state")


async def test_a_right_that_was_lost_without_a_word_is_noticed_at_the_next_state(session, alice, team):
    client = await log_in(alice)
    async with open_socket(beamer(session), client) as wall:
        await wall.frame()
        await in_thread(team.members.through.objects.all().delete)()  # no signal says so
        await wall.send(type="state")
        assert await wall.close_code() == 4404


@pytest.mark.parametrize(
    ("shown", "brings_words"),
    [
        ("?role=inwoner&mark=&revision=2", False),
        ("?role=inwoner&mark=&revision=1", True),
        ("?role=wijkprofessional&mark=&revision=2", True),
        ("?role=inwoner&mark=probleem:1&revision=2", True),
        ("", True),
        ("?role=%ff&revision=2&revision=3&x=%00", True),
    ],
    ids=["now", "older", "another role", "another warning", "nothing", "nonsense"],
)
async def test_a_phone_that_shows_the_state_already_is_not_sent_its_words_again(session, shown, brings_words):
    await do(session, "start", "open")
    phone = await make_phone(session.code, INW)
    async with open_socket(phone_path(session) + shown, phone.client) as socket:
        state = await socket.frame()
    assert {name: value for name, value in state.items() if name not in ("html", "choices")} == {
        "type": "state", "version": 2, "revision": 2, "scene": "question", "status": "open", "round": 1,
        "own": {"round": 1, "answer": None}, "role": INW,
    }  # fmt: skip
    assert ("html" in state) == brings_words


async def test_a_change_reads_the_session_once_for_the_whole_room(session, alice, monkeypatch):
    """Ten phones, a wall and a desk: one reading, one text for each audience."""
    phones = [await make_phone(session.code, INW) for _ in range(10)]
    leader = await log_in(alice)
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(open_socket(phone_path(session), phone.client)) for phone in phones]
        for path in (beamer, console):
            sockets.append(await stack.enter_async_context(open_socket(path(session), leader)))
        for socket in sockets:
            await socket.frame()
        await asyncio.sleep(0.3)
        read, pictures = [], []
        draw_all, read_session = render.draw_all, render.read_session
        monkeypatch.setattr(render, "read_session", lambda *args: read.append(args) or read_session(*args))
        here = switchboard.rooms[session.code]
        monkeypatch.setattr(here, "_draw", lambda *args: pictures.append(draw_all(*args)) or pictures[-1])
        await do(session, "start")
        for socket in sockets:
            await socket.until(type="state", version=1)
        assert len(read) == 1
        assert [len(by_audience) for by_audience in pictures] == [3]


@in_thread
def fill(session: GroupSession, count: int) -> None:
    round_ = Round.objects.get(session=session, number=1)
    for _ in range(count):
        person = take_seat(session.code, uuid.uuid4(), INW)
        Vote.objects.create(round=round_, participant=person, role=INW, answer="wens", cast_at="2026-01-01T00:00Z")


async def test_a_frame_for_a_phone_is_as_small_with_a_hundred_votes_as_with_one(session):
    await do(session, "start", "open")
    phone = await make_phone(session.code, PRO)
    await fill(session, 10)  # of every role more than two, so that no answer tells who chose it
    sizes = []
    for count in (1, 99):
        await fill(session, count)
        async with open_socket(phone_path(session), phone.client) as socket:
            sizes.append(len((await socket.frame())["html"]))
    assert sizes[0] == sizes[1]
