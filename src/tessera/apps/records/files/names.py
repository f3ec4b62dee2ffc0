import re
import unicodedata

from tessera.apps.accounts.name import one_line
from tessera.apps.records.models import FILE_NAME_LENGTH, FileKind

# Windows takes none of these in a name.
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def tame_name(given: str, kind: FileKind) -> str:
    """The name under which a file is given out: one line without path, that ends as its content demands."""
    last = re.split(r"[/\\]", given)[-1]
    line = unicodedata.normalize("NFC", one_line(last))
    stem = _FORBIDDEN.sub("_", "".join(sign for sign in line if sign.isprintable()))
    for ending in kind.endings:
        stem = re.sub(rf"\.{ending}$", "", stem, flags=re.IGNORECASE)
    ending = f".{kind.endings[0]}"
    # A dot at the beginning hides a file.
    stem = stem.strip(" .")[: FILE_NAME_LENGTH - len(ending)].rstrip(" .")
    return f"{stem or 'file'}{ending}"
