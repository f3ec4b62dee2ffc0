"""YAML read so that every complaint can name a line and every scalar stays the text that was written.

The parser's events are read, not its objects: those turn `no` into a boolean and `0.1` into a float, have
forgotten the lines, keep the last of two equal keys in silence, and have followed every alias.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import yaml

from tessera.frameworks.errors import Complaint

MOST_BYTES = 2_000_000
DEEPEST = 20
KEY_FORM = re.compile(r"[a-z][a-z0-9-]{0,59}")
_NUMBER_FORM = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# With 15 digits a decimal number survives the way through a float, so answers meet the scale exactly.
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Scalar:
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    line: int
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Record:
    line: int
    entries: Mapping[str, "Node"]
    key_lines: Mapping[str, int]


Node = Scalar | Items | Record


class Page:
    """One file of a definition: hands out its values, and notes what is wrong with them.

    A method that finds its value faulty adds a complaint and returns None, so that reading can go on and find
    the other faults too.
    """

    def __init__(self, file: str, complaints: list[Complaint]) -> None:
        self.file = file
        self._complaints = complaints
        self._question: str | None = None

    def complain(self, line: int, message: str) -> None:
        self._complaints.append(Complaint(self.file, line, self._question, message))

    @contextmanager
    def about(self, question: str | None) -> Iterator[None]:
        """Complaints made inside name this question."""
        before, self._question = self._question, question
        try:
            yield
        finally:
            self._question = before

    def read(self, path: Path) -> Record | None:
        """The file as a record; None, with a complaint, if it is missing or no plain YAML."""
        if not path.is_file():
            self.complain(1, "the file is missing")
            return None
        if path.stat().st_size > MOST_BYTES:
            self.complain(1, f"the file is larger than {MOST_BYTES // 1_000_000} MB")
            return None
        content = path.read_bytes()
        try:
            node = _Composer(self, content.decode("utf-8-sig")).compose()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.complain(line, "the file is not written in UTF-8")
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.complain(mark.line + 1 if mark else 1, f"no YAML: {error.problem or error.context}")
            return None
        except yaml.reader.ReaderError as error:
            line = content.decode("utf-8").count("\n", 0, int(error.position)) + 1
            self.complain(line, "no YAML: a control character is not allowed in a text file")
            return None
        return self.record(node, "the file") if node else None

    def record(self, node: Node, what: str) -> Record | None:
        if isinstance(node, Record):
            return node
        self.complain(node.line, f"{what} must hold keys with values, each as 'key: value'")
        return None

    def fields(
        self, node: Node, what: str, required: Collection[str], known: Collection[str]
    ) -> Record | None:
        """A record; a required key that it lacks and a key that is not known get a complaint."""
        record = self.record(node, what)
        if record is None:
            return None
        for key, line in record.key_lines.items():
            if key not in known:
                self.complain(line, f"the key '{key}' is not known here; known are {', '.join(known)}")
        for key in required:
            if key not in record.entries:
                self.complain(record.line, f"{what} lacks the key '{key}'")
        return record

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        """The items of a list that must not be empty."""
        if not isinstance(node, Items):
            self.complain(node.line, f"{what} must be a list")
            return ()
        if not node.nodes:
            self.complain(node.line, f"{what} must not be an empty list")
        return node.nodes

    def text(self, node: Node, what: str) -> str | None:
        if not isinstance(node, Scalar):
            self.complain(node.line, f"{what} must be a text, not a list or keys with values")
            return None
        if not node.text.strip():
            self.complain(node.line, f"{what} has no value")
            return None
        return node.text.strip()

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        """One text, or a list of different ones."""
        if isinstance(node, Scalar):
            found = self.text(node, what)
            return (found,) if found is not None else ()
        chosen: list[str] = []
        for item in self.items(node, what):
            text = self.text(item, what)
            if text in chosen:
                self.complain(item.line, f"{what} names '{text}' twice")
            elif text is not None:
                chosen.append(text)
        return tuple(chosen)

    def key(self, node: Node, what: str) -> str | None:
        text = self.text(node, what)
        if text is not None and not KEY_FORM.fullmatch(text):
            self.complain(
                node.line,
                f"{what} '{text}' is no key: a letter, then letters, digits, hyphens; lower-case, at most 60",
            )
            return None
        return text

    def choice(self, node: Node, what: str, words: Collection[str]) -> str | None:
        text = self.text(node, what)
        if text is not None and text not in words:
            self.complain(node.line, f"{what} is '{text}'; it must be one of {', '.join(words)}")
            return None
        return text

    def number(self, node: Node, what: str) -> Fraction | None:
        text = self.text(node, what)
        if text is None:
            return None
        if not _NUMBER_FORM.fullmatch(text):
            self.complain(node.line, f"{what} is '{text}'; it must be a decimal number such as 2 or 0.5")
            return None
        if sum(character.isdigit() for character in text) > _MOST_DIGITS:
            self.complain(node.line, f"{what} is '{text}'; a number has at most {_MOST_DIGITS} digits")
            return None
        return Fraction(text)

    def number_that(
        self, node: Node, what: str, fits: Callable[[Fraction], bool], expected: str
    ) -> Fraction | None:
        """A number within the bounds that `expected` puts into words."""
        number = self.number(node, what)
        if number is not None and not fits(number):
            self.complain(node.line, f"{what} is {float(number):g}; it must be {expected}")
            return None
        return number


class _Composer:
    def __init__(self, page: Page, content: str) -> None:
        self._page = page
        # libyaml, which PyYAML's wheels carry, is 20 times as fast as the parser in Python. No falling back
        # to that one: it refuses sound YAML, such as a question mark before a comma.
        self._events = yaml.parse(content, Loader=yaml.CSafeLoader)

    def compose(self) -> Node | None:
        next(self._events)  # start of the stream
        if isinstance(event := next(self._events), yaml.StreamEndEvent):
            self._page.complain(1, "the file is empty")
            return None
        node = self._node(next(self._events), depth=1)
        next(self._events)  # end of the document
        if node is not None and not isinstance(event := next(self._events), yaml.StreamEndEvent):
            self._page.complain(_line(event), "a second YAML document begins here; a file holds one")
            return None
        return node

    def _node(self, event: yaml.Event, depth: int) -> Node | None:
        """The node that begins with this event; None, with a complaint, as soon as anything is refused."""
        line = _line(event)
        if depth > DEEPEST:
            self._page.complain(line, f"nested more than {DEEPEST} deep")
            return None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._page.complain(line, "anchors and aliases (& and *) are not allowed; write the value out")
            return None
        if getattr(event, "tag", None):
            self._page.complain(line, "tags (!) are not allowed; every scalar is read as text")
            return None
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(line, event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(line, depth)
        return self._record(line, depth)

    def _items(self, line: int, depth: int) -> Items | None:
        nodes: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            node = self._node(event, depth + 1)
            if node is None:
                return None
            nodes.append(node)
        return Items(line, tuple(nodes))

    def _record(self, line: int, depth: int) -> Record | None:
        entries: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1) if key is not None else None
            if key is None or value is None:
                return None
            if not isinstance(key, Scalar):
                self._page.complain(key.line, "a key must be a word")
            elif key.text in entries:
                first = key_lines[key.text]
                self._page.complain(
                    key.line, f"the key '{key.text}' stands here again, first in line {first}"
                )
            else:
                entries[key.text], key_lines[key.text] = value, key.line
        return Record(line, entries, key_lines)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
