"""What can go wrong with a framework.

FrameworkError
├── DefinitionError       a definition is not in order; holds every complaint
└── UnknownFramework      no definition of that name or version is shipped
"""

from collections.abc import Iterable
from dataclasses import dataclass


class FrameworkError(Exception):
    """Anything that a person can put right in a definition or in a request for one."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong in a definition.

    Examples
    --------
    >>> print(Complaint("framework.yaml", 41, "strategy-plan", "the key 'wieght' is not known here"))
    framework.yaml:41: question strategy-plan: the key 'wieght' is not known here
    """

    file: str
    line: int
    """Counted from 1; 1 for a file that is missing."""
    question: str | None
    """Key of the question that it is about; None where it is about none."""
    message: str

    def __str__(self) -> str:
        about = f"question {self.question}: " if self.question else ""
        return f"{self.file}:{self.line}: {about}{self.message}"


class DefinitionError(FrameworkError):
    """A definition is not in order. The message has one complaint in each line."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(str(complaint) for complaint in self.complaints))


class UnknownFramework(FrameworkError):
    """No such framework, or no such version of it, is shipped; the message names what is."""


class NotComparable(FrameworkError):
    """Two reviews cannot be held against each other; the message says why."""


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One thing in an answer sheet that cannot be read.

    Examples
    --------
    >>> print(SheetFault("Commitment", "F7", "“maybe”", "“Yes” or “No”"))
    tab “Commitment”, cell F7: found “maybe”; expected “Yes” or “No”
    """

    sheet: str
    """Name of the tab; empty where it is about the whole file."""
    cell: str
    """As in ``F7``; empty where it is about the whole tab or file."""
    found: str
    expected: str

    def __str__(self) -> str:
        place = ", ".join(
            [f"tab “{self.sheet}”"] * bool(self.sheet) + [f"cell {self.cell}"] * bool(self.cell)
        )
        return f"{place or 'the file'}: found {self.found}; expected {self.expected}"


class SheetError(FrameworkError):
    """An answer sheet cannot be read. The message has one fault in each line."""

    def __init__(self, faults: Iterable[SheetFault], further: int = 0) -> None:
        self.faults = tuple(faults)
        self.further = further
        """How many more there are; whoever has so many is helped by no list."""
        said = [str(fault) for fault in self.faults] + [f"faults beyond these: {further}"] * bool(further)
        super().__init__("\n".join(said))
