"""What letters, words and signs are, for the patterns."""

import re

MARKS = "\u0300-\u036f"
"""Typed apart from their letters on some devices; to Python they are no part of a word."""

CAPITAL = "[" + "".join(re.escape(chr(at)) for at in range(0x41, 0x530) if chr(at).isupper()) + "]"
"""Latin, Greek and Cyrillic."""

SIGNS_OF_DIRECTION = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
"""Unseen, and put around numbers in Arabic texts."""
