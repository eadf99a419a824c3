"""Proposals of phones: read by the facilitator first, then voted on, and what is taken stands in the plan."""

import uuid

import pytest

from sessions.ideas import read_ideas
from sessions.models import GroupSession, PlanLine, Proposal, Vote
from sessions.pages import read_wanted
from sessions.rules.asking import Ballot
from sessions.rules.commands import Adopt, Gather, Open, Pause, Reveal, Skip, Start, Stop, Undo
from sessions.rules.refusals import Reason, Refused
from sessions.writing.proposals import Sent, keep_proposals, settle_proposal, take_proposal_back
from sessions.writing.seats import give_up_seat, take_seat
from sessions.writing.tidying import AFTER_END, unlink_old_votes
from sessions.writing.votes import cast_votes
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.plans import make_line


@pytest.fixture
def wanted(session) -> PlanLine:
    """A line that the group was asked for, and that nobody filled in."""
    return make_line(session, kind="actie", prompt="Onze eerste stap: …", texts=[])


@pytest.fixture
def people(session, wanted):
    do(session, Start(), Gather(str(wanted.pk)))
    return [take_seat(session.code, uuid.uuid4(), role) for role in ("inwoner", "inwoner", "wijkprofessional")]


def do(session, *commands) -> None:
    for command in commands:
        seen = GroupSession.objects.get(pk=session.pk).version
        run_command(session.code, command, seen=seen, actor=LEADER)
    session.refresh_from_db()


def send(person, *lines: str) -> list[Reason | None]:
    return keep_proposals([Sent(person.pk, 2, line) for line in lines])


def settle(session, words: str, fate: str, *, text: str = "", to: str = "") -> None:
    keys = dict(Proposal.objects.values_list("words", "pk"))
    settle_proposal(session.code, keys[words], fate, text=text, to=keys.get(to), actor=LEADER)


def read(session) -> list[tuple[str, str, str]]:
    return [(idea.words, idea.text, idea.status) for idea in read_ideas(session.pk, 2)]


def list_texts(session) -> list[list[str]]:
    lines = PlanLine.objects.filter(trajectory=session.trajectory_id, kind="actie").order_by("pk")
    return [line.texts for line in lines if line.stands and not line.struck]


def test_a_line_waits_and_the_same_one_counts_once(session, people):
    assert send(people[0], "een zebrapad", "een zebrapad") == [None, None]
    assert send(people[1], "een zebrapad") == [None]
    assert read(session) == [("een zebrapad", "een zebrapad", "waiting")] * 2


def test_one_phone_sends_three_and_may_send_those_again(session, people):
    assert send(people[0], "a", "b", "c") == [None] * 3
    assert send(people[0], "d", "a") == [Reason.TOO_MANY_PROPOSALS, None]


def test_a_batch_raises_the_revision_of_the_desk_once_and_that_of_the_walk_never(session, people):
    before = session.version, session.desk_revision
    keep_proposals([Sent(person.pk, 2, "een zebrapad") for person in people])
    session.refresh_from_db()
    assert (session.version, session.desk_revision) == (before[0], before[1] + 1)
    send(people[0], "")
    session.refresh_from_db()
    assert session.desk_revision == before[1] + 1


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ((Pause(),), Reason.PAUSED),
        ((Stop(),), Reason.ENDED),
        ((Skip(),), Reason.ROUND_OLD),
    ],
)
def test_outside_its_time_nothing_is_kept(session, people, commands, reason):
    do(session, *commands)
    assert send(people[0], "een zebrapad") == [reason]
    assert not Proposal.objects.exists()


def test_who_watches_or_went_proposes_nothing(session, people):
    watcher = take_seat(session.code, uuid.uuid4(), "")
    assert send(watcher, "een zebrapad") == [Reason.WATCHING]
    give_up_seat(people[0])
    assert send(people[0], "een zebrapad") == [Reason.NO_SEAT]


def test_the_facilitator_rewords_gathers_and_parks_and_the_words_of_the_sender_stay(session, people):
    send(people[0], "zebra pad!!", "weg met hem")
    send(people[1], "een zebra")
    settle(session, "zebra pad!!", "shown", text="een zebrapad")
    settle(session, "een zebra", "shown", to="zebra pad!!")
    settle(session, "weg met hem", "parked")
    assert read(session) == [
        ("zebra pad!!", "een zebrapad", "shown"),
        ("weg met hem", "weg met hem", "parked"),
        ("een zebra", "een zebra", "shown"),
    ]
    settle(session, "zebra pad!!", "parked")
    assert [(words, status) for words, _, status in read(session)] == [
        ("zebra pad!!", "parked"),
        ("weg met hem", "parked"),
        ("een zebra", "parked"),  # it says the same
    ]


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [(0, "", Reason.PROPOSAL_GONE), (None, "a" * 121, Reason.PROPOSAL_LONG)],
)
def test_what_cannot_be_is_refused_and_nothing_changes(session, people, key, text, reason):
    send(people[0], "een zebrapad")
    found = Proposal.objects.get()
    with pytest.raises(Refused) as refused:
        settle_proposal(session.code, found.pk if key is None else key, "shown", text=text, actor=LEADER)
    assert (refused.value.code, read(session)) == (reason, [("een zebrapad", "een zebrapad", "waiting")])


def test_once_the_vote_is_open_nothing_can_be_done_with_them(session, people):
    send(people[0], "een zebrapad")
    settle(session, "een zebrapad", "shown")
    do(session, Open())
    with pytest.raises(Refused, match="not-gathering"):
        settle(session, "een zebrapad", "parked")
    assert send(people[1], "een drempel") == [Reason.NOT_GATHERING]


def test_the_sender_takes_back_what_still_waits(session, people):
    send(people[0], "een zebrapad")
    send(people[1], "een drempel")
    mine = Proposal.objects.get(words="een zebrapad")
    take_proposal_back(people[1], mine.handle)  # not theirs
    assert len(read(session)) == 2
    take_proposal_back(people[0], mine.handle)
    take_proposal_back(people[0], mine.handle)
    assert read(session) == [("een drempel", "een drempel", "waiting")]
    settle(session, "een drempel", "shown")
    with pytest.raises(Refused, match="proposal-shown"):
        take_proposal_back(people[1], Proposal.objects.get().handle)


def test_who_wipes_a_phone_takes_along_what_was_not_shown(session, people):
    send(people[0], "een zebrapad", "een drempel")
    settle(session, "een drempel", "shown")
    give_up_seat(people[0])
    assert read(session) == [("een drempel", "een drempel", "shown")]
    assert Proposal.objects.get().participant is None


def test_everybody_supports_up_to_three_and_what_is_taken_stands_in_the_plan(session, people, wanted):
    send(people[0], "een zebrapad", "een drempel", "een bankje")
    for words in ("een zebrapad", "een drempel", "een bankje"):
        settle(session, words, "shown")
    do(session, Open())
    slugs = [f"p{idea}" for idea in Proposal.objects.order_by("pk").values_list("pk", flat=True)]
    ballots = [Ballot(person.pk, 2, slugs[0], more=tuple(slugs[1:])) for person in people]
    assert cast_votes(ballots) == [None] * 3
    assert Vote.objects.count() == 9
    do(session, Reveal(), Adopt((slugs[2], slugs[0])))
    assert list_texts(session) == [["een zebrapad"], ["een bankje"]]
    added = PlanLine.objects.exclude(pk=wanted.pk).get(kind="actie")
    assert (added.prompt, added.session, added.round.number) == (wanted.prompt, session, 2)
    do(session, Undo())
    assert list_texts(session) == [[""]]
    do(session, Adopt((slugs[1],)))
    assert list_texts(session) == [["een drempel"]]


def test_what_somebody_wrote_there_meanwhile_stays(session, people, wanted):
    send(people[0], "een zebrapad")
    settle(session, "een zebrapad", "shown")
    PlanLine.objects.filter(pk=wanted.pk).update(texts=["praten"])
    do(session, Open(), Reveal(), Adopt((f"p{Proposal.objects.get().pk}",)))
    assert list_texts(session) == [["praten"], ["een zebrapad"]]
    do(session, Undo())
    assert list_texts(session) == [["praten"]]


def test_a_goal_can_be_asked_for_without_a_line(session):
    do(session, Start(), Gather("doel"))
    person = take_seat(session.code, uuid.uuid4(), "inwoner")
    send(person, "veilig oversteken")
    settle(session, "veilig oversteken", "shown")
    do(session, Open(), Reveal(), Adopt((f"p{Proposal.objects.get().pk}",)))
    assert [line.texts for line in PlanLine.objects.filter(kind="doel")] == [["veilig oversteken"]]


def test_a_line_that_is_filled_in_or_asks_for_more_is_not_asked_for(session, wanted):
    trajectory = session.trajectory_id
    assert read_wanted(trajectory, str(wanted.pk)) == "Onze eerste stap:"
    more = make_line(session, kind="actie", prompt="Vast: … Reserve: …", texts=[])
    filled = make_line(session, kind="actie", prompt="", texts=["praten"])
    assert [read_wanted(trajectory, text) for text in (str(more.pk), str(filled.pk), "999999", "doel")] == [""] * 4


def test_an_undo_throws_no_proposals_away(session, people):
    send(people[0], "een zebrapad")
    with pytest.raises(Refused, match="undo-proposed"):
        do(session, Undo())
    assert Proposal.objects.count() == 1


def test_a_day_after_the_meeting_they_are_gone(session, people):
    send(people[0], "een zebrapad")
    do(session, Stop())
    unlink_old_votes()
    assert Proposal.objects.count() == 1
    GroupSession.objects.filter(pk=session.pk).update(ended_at=session.ended_at - AFTER_END)
    unlink_old_votes()
    assert not Proposal.objects.exists()
