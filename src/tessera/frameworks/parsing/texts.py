"""text.LANG.yaml: every wording in one language, held against the structure."""

from collections.abc import Collection, Mapping

from tessera.frameworks.parsing.structure import Structure
from tessera.frameworks.parsing.yaml_nodes import Page, Record
from tessera.frameworks.schema import (
    FIXED_OPTIONS,
    NEVER,
    AreaText,
    Question,
    QuestionText,
    QuestionType,
    Texts,
)

_REQUIRED = ("title", "description", "native_review", "areas", "questions")
_KNOWN = (*_REQUIRED, "options", "constraints")
_FIXED = {option for options in FIXED_OPTIONS.values() for option in options} | {NEVER}


def read_texts(page: Page, root: Record, language: str, structure: Structure) -> Texts:
    """Read the wording in one language; everything that the structure names must have its own, nothing else.

    Parameters
    ----------
    page : Page
        The text file; takes the complaints.
    root : Record
    language : str
    structure : Structure
    """
    page.fields(root, "the file", _REQUIRED, _KNOWN)
    shared = _read_shared_options(page, root, structure)
    return Texts(
        language=language,
        title=_text(page, root, "title"),
        description=_text(page, root, "description"),
        native_review=_read_review(page, root),
        areas=_read_areas(page, root, structure),
        questions=_read_questions(page, root, structure, shared),
        constraints=_read_constraints(page, root, structure),
    )


def _text(page: Page, record: Record, key: str) -> str:
    node = record.entries.get(key)
    return (page.text(node, f"'{key}'") if node else None) or ""


def _read_review(page: Page, root: Record) -> bool:
    node = root.entries.get("native_review")
    return node is not None and page.choice(node, "'native_review'", ("yes", "no")) == "yes"


def _section(
    page: Page, root: Record, key: str, expected: Collection[str], structure: Structure
) -> Record | None:
    """The part of the file under one key, that must have a wording for each expected key and no other."""
    what = key.removesuffix("s")
    if key not in root.entries:
        if expected and key not in _REQUIRED:
            page.complain(root.line, f"the file lacks the key '{key}'")
        return None
    section = page.record(root.entries[key], f"'{key}'")
    if section is None:
        return None
    for name, line in section.key_lines.items():
        if name not in expected and structure.all_named:
            page.complain(line, f"'{name}' is no {what} of framework.yaml")
    for name in expected:
        if name not in section.entries:
            with page.about(name if what == "question" else None):
                page.complain(root.key_lines[key], f"the wording of the {what} '{name}' is missing")
    return section


def _read_areas(page: Page, root: Record, structure: Structure) -> dict[str, AreaText]:
    section = _section(page, root, "areas", structure.areas_named, structure)
    found: dict[str, AreaText] = {}
    for key, node in section.entries.items() if section else ():
        record = page.fields(node, f"the area {key}", ("title", "about"), ("title", "about"))
        if record is not None:
            found[key] = AreaText(_text(page, record, "title"), _text(page, record, "about"))
    return found


def _read_constraints(page: Page, root: Record, structure: Structure) -> dict[str, str]:
    section = _section(page, root, "constraints", structure.constraints_named, structure)
    return {key: _text(page, section, key) for key in section.entries} if section else {}


def _read_shared_options(page: Page, root: Record, structure: Structure) -> dict[str, str]:
    if "options" not in root.entries:
        return {}
    section = page.record(root.entries["options"], "'options'")
    if section is None:
        return {}
    used = {
        option.key
        for question in structure.questions_named.values()
        if question is not None and not _own_options(question)
        for option in question.options
    }
    readable = structure.all_named and None not in structure.questions_named.values()
    for key, line in section.key_lines.items():
        if key not in _FIXED:
            page.complain(line, f"'{key}' is not an option of any type with fixed options")
        elif key not in used and readable:
            page.complain(line, f"no question has the option '{key}'")
    return {key: _text(page, section, key) for key in section.entries}


def _own_options(question: Question) -> bool:
    return question.type in (QuestionType.SINGLE, QuestionType.MULTIPLE)


def _read_questions(
    page: Page, root: Record, structure: Structure, shared: Mapping[str, str]
) -> dict[str, QuestionText]:
    section = _section(page, root, "questions", structure.questions_named, structure)
    found: dict[str, QuestionText] = {}
    unlabelled: dict[str, str] = {}
    for key, node in section.entries.items() if section else ():
        with page.about(key):
            record = page.fields(
                node, "the wording", ("text", "help", "why"), ("text", "help", "why", "options", "unit")
            )
            if record is None:
                continue
            question = structure.questions_named.get(key)
            labels = _read_labels(page, record, question)
            if question is not None:
                _check_unit(page, record, question)
                if not _own_options(question):
                    labels = {
                        option.key: labels.get(option.key) or shared.get(option.key, "")
                        for option in question.options
                    }
                    unlabelled.update({option: key for option, label in labels.items() if not label})
            found[key] = QuestionText(
                text=_text(page, record, "text"),
                help=_text(page, record, "help"),
                why=_text(page, record, "why"),
                options=labels,
                unit=_text(page, record, "unit"),
            )
    # Said once for an option, not for each of the many questions that share it.
    for option, key in unlabelled.items():
        if option not in shared:
            line = root.key_lines.get("options", root.line)
            page.complain(line, f"the wording of the option '{option}' is missing, which {key} uses")
    return found


def _read_labels(page: Page, record: Record, question: Question | None) -> dict[str, str]:
    node = record.entries.get("options")
    labels = page.record(node, "'options'") if node else None
    options = [option.key for option in question.options] if question else []
    for key, line in labels.key_lines.items() if labels else ():
        if question and key not in options:
            listed = f"its options are {', '.join(options)}" if options else "it has none"
            page.complain(line, f"'{key}' is not an option of {question.key}; {listed}")
    if question and _own_options(question):
        for key in options:
            if labels is None or key not in labels.entries:
                line = labels.line if labels else record.line
                page.complain(line, f"the wording of the option '{key}' is missing")
    return {key: _text(page, labels, key) for key in labels.entries} if labels else {}


def _check_unit(page: Page, record: Record, question: Question) -> None:
    if question.type is QuestionType.NUMBER and "unit" not in record.entries:
        page.complain(record.line, "the wording of a number lacks the key 'unit'")
    if question.type is not QuestionType.NUMBER and "unit" in record.entries:
        page.complain(record.key_lines["unit"], f"only a number has a unit; this is {question.type}")
