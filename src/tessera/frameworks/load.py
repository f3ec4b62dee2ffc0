"""Loading and checking framework definitions; docs/reference/framework-format.md describes the files."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from tessera.frameworks.errors import Complaint, DefinitionError, UnknownFramework
from tessera.frameworks.parsing.changes import Wording, read_changes
from tessera.frameworks.parsing.fingerprint import content_hash, scheme_hash
from tessera.frameworks.parsing.structure import Structure, read_structure
from tessera.frameworks.parsing.texts import read_texts
from tessera.frameworks.parsing.yaml_nodes import Page
from tessera.frameworks.schema import Area, ChangeMap, Framework, Question, Texts

STRUCTURE_FILE = "framework.yaml"
CHANGES_FILE = "changes.yaml"
SOURCE_FILE = "SOURCE.md"
DEFINITIONS = Path(__file__).parent / "definitions"


def load_framework(folder: Path) -> Framework:
    """Load the definition in a folder.

    Parameters
    ----------
    folder : Path
        Named after the version, inside a folder named after the framework's id. From version 2 on, the folder
        of the version before must stand beside it.

    Raises
    ------
    DefinitionError
        The definition is not in order; it holds every complaint.
    """
    framework, complaints = _read(folder)
    if framework is None or complaints:
        raise DefinitionError(complaints)
    return framework


def check_definition(folder: Path) -> list[Complaint]:
    """Everything that is wrong with the definition in a folder, in the order of files and lines."""
    return _read(folder)[1]


def shipped_frameworks() -> list[tuple[str, int]]:
    """Id and version of each definition that comes with the package, in rising order."""
    return sorted(
        (path.parent.parent.name, int(path.parent.name)) for path in DEFINITIONS.glob("*/*/framework.yaml")
    )


@cache
def find_framework(id: str, version: int | None = None) -> Framework:
    """A framework that comes with the package.

    Parameters
    ----------
    id : str
    version : int, optional
        The newest published version by default.

    Raises
    ------
    UnknownFramework
        The message names what there is.
    """
    shipped = shipped_frameworks()
    versions = [found for name, found in shipped if name == id]
    if not versions:
        known = ", ".join(sorted({name for name, _ in shipped}))
        raise UnknownFramework(f"there is no framework '{id}'; there are: {known}")
    if version is not None:
        if version not in versions:
            known = ", ".join(str(found) for found in versions)
            raise UnknownFramework(f"{id} has no version {version}; it has: {known}")
        return load_framework(DEFINITIONS / id / str(version))
    for newest in reversed(versions):
        framework = find_framework(id, newest)
        if framework.published is not None:
            return framework
    raise UnknownFramework(f"{id} has no published version; ask for one of its drafts by number: {versions}")


def _read(folder: Path, with_changes: bool = True) -> tuple[Framework | None, list[Complaint]]:
    """The framework as far as it can be read, and the complaints; no framework without a structure."""
    folder = folder.resolve()
    complaints: list[Complaint] = []
    page = Page(STRUCTURE_FILE, complaints)
    root = page.read(folder / STRUCTURE_FILE)
    if root is None:
        return None, complaints
    structure = read_structure(page, root, folder.name, folder.parent.name)
    # A fault in a question would look like a change of it too, so the change map waits until there is none.
    with_changes = with_changes and not complaints
    texts = _read_all_texts(folder, structure, complaints)
    changes = _read_changes(folder, structure, texts, complaints) if with_changes else None
    source = _read_source(folder, complaints)
    _refuse_other_files(folder, structure, complaints)
    framework = Framework(
        id=structure.id,
        version=structure.version,
        published=structure.published,
        min_coverage=structure.min_coverage,
        areas=structure.areas,
        constraints=structure.constraints,
        texts=texts,
        changes=changes,
        source=source,
        content_hash="",
        scheme_hash="",
    )
    hashed = replace(framework, content_hash=content_hash(framework), scheme_hash=scheme_hash(framework))
    return hashed, _in_order(complaints)


def _read_all_texts(folder: Path, structure: Structure, complaints: list[Complaint]) -> dict[str, Texts]:
    texts: dict[str, Texts] = {}
    for language in structure.languages:
        page = Page(_text_file(language), complaints)
        root = page.read(folder / page.file)
        if root is not None:
            texts[language] = read_texts(page, root, language, structure)
    return texts


def _text_file(language: str) -> str:
    return f"text.{language}.yaml"


def _read_changes(
    folder: Path, structure: Structure, texts: dict[str, Texts], complaints: list[Complaint]
) -> ChangeMap | None:
    page = Page(CHANGES_FILE, complaints)
    if structure.version == 1:
        if (folder / CHANGES_FILE).exists():
            page.complain(1, "version 1 has no version before it, so it has no change map")
        return None
    root = page.read(folder / CHANGES_FILE)
    if root is None:
        return None
    before, faults = _read(folder.parent / str(structure.version - 1), with_changes=False)
    if before is None or faults:
        number = structure.version - 1
        page.complain(
            root.line, f"version {number}, beside this one, is not in order; its first complaint: {faults[0]}"
        )
        return None
    return read_changes(
        page,
        root,
        Wording(before.version, _questions(before.areas), before.texts),
        Wording(structure.version, _questions(structure.areas), texts),
    )


def _questions(areas: Iterable[Area]) -> dict[str, Question]:
    plain_areas = (plain for area in areas for plain in area.plain_areas())
    return {question.key: question for plain in plain_areas for question in plain.questions}


def _read_source(folder: Path, complaints: list[Complaint]) -> str:
    page = Page(SOURCE_FILE, complaints)
    path = folder / SOURCE_FILE
    if not path.is_file():
        page.complain(1, "the file is missing; it says who wrote the framework, when and under which licence")
        return ""
    try:
        # Reading as text makes every kind of line ending one.
        source = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        page.complain(1, "the file is not written in UTF-8")
        return ""
    if not source:
        page.complain(1, "the file is empty; it says who wrote the framework, when and under which licence")
    return source


def _refuse_other_files(folder: Path, structure: Structure, complaints: list[Complaint]) -> None:
    texts = [_text_file(language) for language in structure.languages]
    known = (STRUCTURE_FILE, *texts, CHANGES_FILE, SOURCE_FILE)
    for path in sorted(folder.iterdir()):
        # Where the languages could not be read, nothing can be said about text files.
        undecided = not texts and path.match("text.*.yaml")
        if path.name not in known and not path.name.startswith(".") and not undecided:
            listed = ", ".join(known)
            page = Page(path.name, complaints)
            page.complain(1, f"the file does not belong here; this definition has {listed}")


def _in_order(complaints: list[Complaint]) -> list[Complaint]:
    files = list(dict.fromkeys(complaint.file for complaint in complaints))
    return sorted(complaints, key=lambda complaint: (files.index(complaint.file), complaint.line))
