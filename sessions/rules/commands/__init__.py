"""Everything a facilitator can ask for, a file per kind. A command knows when it fits and what it does. Pure."""

from sessions.rules.commands.check import Check, Skip
from sessions.rules.commands.command import Command
from sessions.rules.commands.decide import Decide
from sessions.rules.commands.door import Chairs, OpenDoor, ShutDoor
from sessions.rules.commands.ending import Reopen, Stop
from sessions.rules.commands.screen import Pause, Resume, ShowCard, ShowInvite, ShowPlan, ShowWalk
from sessions.rules.commands.sort import Sort
from sessions.rules.commands.stock import Conclude, TakeStock
from sessions.rules.commands.support import Adopt, Gather
from sessions.rules.commands.undo import Undo
from sessions.rules.commands.vote import Again, Close, Continue, LetIn, Open, Reveal, Split
from sessions.rules.commands.walk import Back, Follow, Next, Return, Start

# Each class of a command, by the name as it travels.
COMMANDS: dict[str, type[Command]] = {kind.name(): kind for kind in Command.__subclasses__()}

__all__ = [
    "COMMANDS",
    "Adopt",
    "Again",
    "Back",
    "Chairs",
    "Check",
    "Close",
    "Command",
    "Conclude",
    "Continue",
    "Decide",
    "Follow",
    "Gather",
    "LetIn",
    "Next",
    "Open",
    "OpenDoor",
    "Pause",
    "Reopen",
    "Resume",
    "Return",
    "Reveal",
    "ShowCard",
    "ShowInvite",
    "ShowPlan",
    "ShowWalk",
    "ShutDoor",
    "Skip",
    "Sort",
    "Split",
    "Start",
    "Stop",
    "TakeStock",
    "Undo",
]
