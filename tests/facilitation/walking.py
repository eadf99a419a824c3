"""A group that walks, without a browser: for pages that show what a walk left behind."""

import re
import uuid
from html.parser import HTMLParser
from typing import Any

from content.editions import load_library
from content.languages import BASE
from sessions.models import GroupSession, Participant
from sessions.rules.asking import Ballot
from sessions.rules.commands import Close, Command, Decide, Open, Reveal
from sessions.rules.state import State
from sessions.writing.seats import take_seat
from sessions.writing.votes import cast_vote
from sessions.writing.walk import run_command
from tests.actors import LEADER

# What somebody may type anywhere: markup, an emoji and a quote.
NASTY = "<script>alert('buurt')</script> 🌳 & \"samen\""
NASTY_IN_HTML = "&lt;script&gt;alert(&#x27;buurt&#x27;)&lt;/script&gt; 🌳 &amp; &quot;samen&quot;"


BLOCKS = {"li", "p", "div", "section", "h1", "h2", "h3", "label", "button", "option"}


class Group:
    """Phones in their roles, and a facilitator who gives the commands."""

    def __init__(self, session: GroupSession, **people: int) -> None:
        self.code = session.code
        self.library = load_library(session.edition_id, BASE)
        self.phones: list[Participant] = [
            take_seat(session.code, uuid.uuid4(), role) for role, count in people.items() for _ in range(count)
        ]

    @property
    def state(self) -> State:
        from sessions.rows import read_state

        return read_state(GroupSession.objects.get(code=self.code))

    def node(self) -> Any:
        return self.library.node(self.state.current.place)

    def do(self, *commands: Command) -> None:
        for command in commands:
            run_command(self.code, command, seen=GroupSession.objects.get(code=self.code).version, actor=LEADER)

    def vote(self, *letters: str) -> None:
        """The phones vote in turn: `vote("A", "A", "B")`."""
        node, number = self.node(), self.state.current.number
        answers = {node.letter(answer.slug): answer.slug for answer in node.answers}
        for phone, letter in zip(self.phones, letters, strict=False):
            cast_vote(Ballot(phone.pk, number, answers[letter]))

    def reveal(self, *letters: str) -> None:
        self.do(Open())
        self.vote(*letters)
        self.do(Close(), Reveal())

    def decide(self, letter: str = "A", *, how: str = "vote", why: str = "Omdat het past.", other: str = "") -> None:
        node = self.node()
        slug = next(answer.slug for answer in node.answers if node.letter(answer.slug) == letter)
        self.do(Decide(answer=slug, how=how, why=why, other=other))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.skipping += tag in ("svg", "head")
        self.found.append(" " if tag in BLOCKS else "")

    def handle_endtag(self, tag: str) -> None:
        self.skipping -= tag in ("svg", "head")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.found.append(data)


def words(response: Any) -> str:
    """What a page says, as one line of text."""
    parser = _Words()
    parser.feed(response.content.decode())
    return " ".join("".join(parser.found).split())


def tags(response: Any, name: str) -> list[str]:
    """The opening tags with this name, to look at their attributes."""
    return re.findall(rf"<{name}\b[^>]*>", response.content.decode())


def tag(response: Any, name: str, part: str) -> str:
    """The one opening tag that holds this text."""
    (found,) = [opening for opening in tags(response, name) if part in opening]
    return found


def is_bare(response: Any) -> bool:
    """No style and no script in the page itself: the content policy would refuse them."""
    page = response.content.decode()
    scripts = [opening for opening in tags(response, "script") if " src=" not in opening]
    return not scripts and " style=" not in page and "<style" not in page and not re.search(r"<[^>]+ on[a-z]+=", page)
