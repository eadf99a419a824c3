"""YAML as far as content needs it: text, whole numbers, nothing, lists and mappings. No Django here.

Everything else that YAML can do is refused, for it is where a file says something other than it seems, or does
more than be read: anchors and aliases, merge keys, tags, double keys, a second document, deep nesting. A tag can
run no code, for there is no constructor here at all, only a composer of nodes. And `no`, `12:30` and `2024-01-31`
are the text they look like.
"""

import re
import unicodedata
from typing import Any, NamedTuple

from yaml.composer import Composer
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import AliasEvent, StreamEndEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import Reader, ReaderError
from yaml.resolver import BaseResolver

MAX_DEPTH = 12  # the content itself is 8 deep

NOTHING = "tag:yaml.org,2002:null"
NUMBER = "tag:yaml.org,2002:int"

Value = None | int | str | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]


class Refusal(NamedTuple):
    """Something this reader does not take: on which line, what it is, and what to do."""

    line: int
    what: str
    mend: str


class Document(NamedTuple):
    """What a file says, on which line each value starts, and what was refused on the way."""

    value: Value
    lines: dict[Path, int]
    refusals: tuple[Refusal, ...]


class _TooDeepError(Exception):
    """Reading stops here: going on could end in a stack that overflows."""


class _NodeReader(Composer, CParser, BaseResolver):
    """Composes nodes, and notes every anchor, alias and tag it meets."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self.depth = 0
        self.refusals: list[Refusal] = []

    def refuse(self, line: int, what: str, mend: str) -> None:
        self.refusals.append(Refusal(line, what, mend))

    def read_root(self) -> Node | None:
        """The one document of the file, or None when there is none."""
        self.get_event()  # the start of the stream
        if self.check_event(StreamEndEvent):
            return None
        root: Node | None = self.compose_document()
        if not self.check_event(StreamEndEvent):
            line = self.see_event().start_mark.line + 1
            self.refuse(line, "Hier begint een tweede document.", "Haal de regel met --- weg.")
        return root

    def see_event(self) -> Any:
        """The event that comes next. Its attributes depend on its kind."""
        return self.peek_event()

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.see_event()
        start, end = event.start_mark, event.end_mark
        line = start.line + 1
        if isinstance(event, AliasEvent):
            self.get_event()
            self.refuse(line, f"Hier staat een verwijzing (*{event.anchor}).", "Schrijf de tekst zelf uit.")
            return ScalarNode(NOTHING, "", start, end)
        if event.anchor:
            self.refuse(line, f"Hier staat een anker (&{event.anchor}).", "Haal het anker weg.")
            event.anchor = None
        if event.tag:
            self.refuse(line, f"Hier staat een label ({event.tag}).", "Haal het woord met het uitroepteken weg.")
            event.tag = None
        if self.depth == MAX_DEPTH:
            self.refuse(line, "Hier zitten te veel lijsten in elkaar.", "Kijk of een haakje te veel openstaat.")
            raise _TooDeepError
        self.depth += 1
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


_NodeReader.add_implicit_resolver(NOTHING, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
_NodeReader.add_implicit_resolver(NUMBER, re.compile(r"-?(?:0|[1-9][0-9]{0,8})\Z"), list("-0123456789"))


class _Builder:
    """Turns nodes into plain values, and remembers where each began."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.refusals: list[Refusal] = []

    def build(self, node: Node | None, path: Path = ()) -> Value:
        if node is None:
            return None
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, MappingNode):
            return self.build_mapping(node, path)
        if node.tag == NOTHING:
            return None
        return int(node.value) if node.tag == NUMBER else self.build_text(node)

    def build_mapping(self, node: MappingNode, path: Path) -> Value:
        mapping: dict[str, Value] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self.refuse(line, "Een sleutel moet één woord zijn.", "Zet een woord vóór de dubbele punt.")
                continue
            key = self.build_text(key_node)
            if key == "<<":
                self.refuse(line, "Hier wordt iets ingevoegd (<<).", "Schrijf de regels zelf uit.")
            elif key in mapping:
                self.refuse(line, f"De sleutel '{key}' staat er twee keer.", "Haal er één weg.")
            else:
                mapping[key] = self.build(value_node, (*path, key))
        return mapping

    def build_text(self, node: Node) -> str:
        text = str(node.value)
        # An escape in quotes can spell what no screen shows and PostgreSQL does not keep, such as "\0".
        for character in text:
            if character != "\n" and unicodedata.category(character) == "Cc":
                what = f"In deze tekst staat een teken dat niemand kan zien ({character!a})."
                self.refuse(node.start_mark.line + 1, what, "Haal het weg.")
                break
        return text

    def refuse(self, line: int, what: str, mend: str) -> None:
        self.refusals.append(Refusal(line, what, mend))


def read_yaml(text: str) -> Document:
    """What the text says. Never raises: what cannot be read is a refusal, and then the value may be None."""
    try:
        Reader(text)  # only looks for signs that YAML does not take
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"Hier staat een teken dat niemand kan zien ({chr(error.character)!a})."
        return Document(None, {}, (Refusal(line, what, "Haal het weg."),))
    reader = _NodeReader(text)
    try:
        root = reader.read_root()
    except _TooDeepError:
        return Document(None, {}, tuple(reader.refusals))
    except YAMLError as error:
        reader.refuse(*_explain_error(error))
        return Document(None, {}, tuple(reader.refusals))
    builder = _Builder()
    value = builder.build(root)
    if value is None and not reader.refusals:
        reader.refuse(1, "Er staat niets in.", "Zet de inhoud terug.")
    return Document(value, builder.lines, tuple(sorted([*reader.refusals, *builder.refusals])))


def _explain_error(error: Exception) -> Refusal:
    line, reason = 1, str(error)
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else line
        reason = error.problem or error.context or reason
    return Refusal(
        line,
        f"Hier is het geen goede YAML meer ({reason}).",
        "Kijk of er een aanhalingsteken mist, en of de spaties vooraan kloppen.",
    )
