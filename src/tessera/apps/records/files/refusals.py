"""Why a file is not taken.

FileRefused
├── TooLarge
├── TooManyPixels
├── WrongKind
├── OldOrLocked
├── HasMacros
├── Broken
├── Infected
└── NotScanned
"""


class FileRefused(Exception):
    """Somebody's file is not taken. Nothing of it is kept."""


class TooLarge(FileRefused):
    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class TooManyPixels(FileRefused):
    def __init__(self, limit: int) -> None:
        super().__init__(f"a picture of more than {limit} pixels")
        self.limit = limit


class WrongKind(FileRefused):
    """By its content it is of no kind that we take, whatever its name says."""


class OldOrLocked(FileRefused):
    """An office file in the format from before 2007, or one that needs a password."""


class HasMacros(FileRefused):
    """An office file that could run something."""


class Broken(FileRefused):
    """Damaged, of two kinds at once, or built to fill the memory of whoever opens it."""


class Infected(FileRefused):
    def __init__(self, threat: str) -> None:
        super().__init__(threat)
        self.threat = threat


class NotScanned(FileRefused):
    """The scanner of this site did not answer. The same file may be taken later."""
