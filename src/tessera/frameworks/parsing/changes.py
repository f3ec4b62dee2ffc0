"""changes.yaml: what became of each question of the version before, held against both versions."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tessera.frameworks.parsing.yaml_nodes import Node, Page, Record
from tessera.frameworks.schema import Change, ChangeMap, Question, QuestionText, Texts

_KNOWN = ("from", "reworded", "changed", "split", "merged", "new", "dropped")


@dataclass(frozen=True, slots=True)
class Wording:
    """The questions of one version with what they say."""

    version: int
    questions: Mapping[str, Question]
    texts: Mapping[str, Texts]


def read_changes(page: Page, root: Record, before: Wording, after: Wording) -> ChangeMap:
    """Read the change map and check every entry, and every question without one, against both versions.

    Parameters
    ----------
    page : Page
        changes.yaml; takes the complaints.
    root : Record
    before, after : Wording
        The two versions. Texts are compared in the languages that both have.
    """
    page.fields(root, "the file", ("from",), _KNOWN)
    _check_from(page, root, before)
    entries = list(_named(page, root))
    old: dict[str, Change] = {}
    new: dict[str, Change] = {}
    origin: dict[str, tuple[str, ...]] = {}
    heirs: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        old.update(dict.fromkeys(entry.old, entry.change))
        new.update(dict.fromkeys(entry.new, entry.change))
        if entry.change in (Change.SPLIT, Change.MERGED):
            origin.update(dict.fromkeys(entry.new, entry.old))
            heirs.update(dict.fromkeys(entry.old, entry.new))
    _check_places(page, entries, before, after)
    _check_named_once(page, entries)
    unnamed = [
        key for key in before.questions if key in after.questions and key not in old and key not in new
    ]
    for key in unnamed:
        old[key] = new[key] = Change.SAME
    _check_complete(page, root, before, after, old, new)
    for key in unnamed:
        with page.about(key):
            if difference := _difference(before, after, key):
                page.complain(
                    root.line, f"it is not named, so it must be the same as before, but {difference}"
                )
    return ChangeMap(before.version, old, new, origin, heirs)


@dataclass(frozen=True, slots=True)
class _Entry:
    change: Change
    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def _check_from(page: Page, root: Record, before: Wording) -> None:
    node = root.entries.get("from")
    text = page.text(node, "'from'") if node else None
    if node and text is not None and text != str(before.version):
        page.complain(node.line, f"'from' is '{text}'; it must be {before.version}, the version before")


def _named(page: Page, root: Record) -> Iterator[_Entry]:
    for change in (Change.REWORDED, Change.CHANGED, Change.NEW, Change.DROPPED):
        node = root.entries.get(change)
        for item in page.items(node, f"'{change}'") if node else ():
            key = page.text(item, f"'{change}'")
            if key is not None:
                old: tuple[str, ...] = () if change is Change.NEW else (key,)
                new: tuple[str, ...] = () if change is Change.DROPPED else (key,)
                yield _Entry(change, item.line, old, new)
    for change in (Change.SPLIT, Change.MERGED):
        node = root.entries.get(change)
        record = page.record(node, f"'{change}'") if node else None
        for one, value in record.entries.items() if record else ():
            several = _several(page, value, f"'{change}' of {one}")
            if change is Change.SPLIT:
                yield _Entry(change, value.line, (one,), several)
            else:
                yield _Entry(change, value.line, several, (one,))


def _several(page: Page, node: Node, what: str) -> tuple[str, ...]:
    keys = page.texts(node, what)
    if len(keys) == 1:
        page.complain(node.line, f"{what} names one question; it must name at least two")
    return keys


def _check_places(page: Page, entries: list[_Entry], before: Wording, after: Wording) -> None:
    for entry in entries:
        stays = entry.change in (Change.REWORDED, Change.CHANGED)
        for key in entry.old:
            with page.about(key):
                if key not in before.questions:
                    page.complain(entry.line, f"it is {entry.change}, but not in version {before.version}")
                if not stays and key in after.questions:
                    page.complain(entry.line, f"it is {entry.change}, but still in version {after.version}")
                if stays and key in before.questions and key in after.questions:
                    _check_kind_of_change(page, entry, before, after)
        for key in entry.new:
            with page.about(key):
                if key not in after.questions:
                    page.complain(entry.line, f"it is {entry.change}, but not in version {after.version}")
                if not stays and key in before.questions:
                    page.complain(
                        entry.line, f"it is {entry.change}, but already in version {before.version}"
                    )


def _check_kind_of_change(page: Page, entry: _Entry, before: Wording, after: Wording) -> None:
    (key,) = entry.old
    of_structure = _difference_of_structure(before.questions[key], after.questions[key])
    of_text = _difference_of_text(before, after, key)
    if entry.change is Change.REWORDED and of_structure:
        page.complain(entry.line, f"it is reworded, but {of_structure}; name it under 'changed'")
    elif not of_structure and not of_text:
        page.complain(entry.line, f"it is {entry.change}, but nothing about it differs")


def _check_named_once(page: Page, entries: list[_Entry]) -> None:
    # A question that stays stands on both sides of its entry and still counts once.
    named = Counter(key for entry in entries for key in {*entry.old, *entry.new})
    for entry in entries:
        for key in dict.fromkeys((*entry.old, *entry.new)):
            if named[key] > 1:
                with page.about(key):
                    page.complain(entry.line, f"it is named {named[key]} times; once is enough")


def _check_complete(
    page: Page,
    root: Record,
    before: Wording,
    after: Wording,
    old: Mapping[str, Change],
    new: Mapping[str, Change],
) -> None:
    for key in before.questions:
        if key not in old and key not in new:
            with page.about(key):
                page.complain(
                    root.line, f"it is gone since version {before.version}; say if dropped, split or merged"
                )
    for key in after.questions:
        if key not in new and key not in old:
            with page.about(key):
                page.complain(
                    root.line, f"it was not in version {before.version}; say if new, split or merged"
                )


def _difference(before: Wording, after: Wording, key: str) -> str | None:
    of_structure = _difference_of_structure(before.questions[key], after.questions[key])
    return of_structure or _difference_of_text(before, after, key)


def _difference_of_structure(before: Question, after: Question) -> str | None:
    """What an answer can be, and what it gives; weight, area and pathway may change without a word here."""
    compared = (
        ("type", before.type, after.type),
        ("options", sorted(o.key for o in before.options), sorted(o.key for o in after.options)),
        ("points", {o.key: o.points for o in before.options}, {o.key: o.points for o in after.options}),
        ("exclusive option", before.exclusive, after.exclusive),
        ("cap", before.cap, after.cap),
        ("scale", before.scale, after.scale),
        ("rule", before.when, after.when),
        ("right to say that it does not apply", before.may_not_apply, after.may_not_apply),
    )
    for what, then, now in compared:
        if then != now:
            return f"its {what} differ{'' if what.endswith('s') else 's'}"
    return None


def _difference_of_text(before: Wording, after: Wording, key: str) -> str | None:
    for language in before.texts:
        if language not in after.texts:
            continue
        then: QuestionText | None = before.texts[language].questions.get(key)
        now: QuestionText | None = after.texts[language].questions.get(key)
        # A wording that is missing has its complaint already, in the text file.
        if then is not None and now is not None and then != now:
            return f"its wording in {language} differs"
    return None
