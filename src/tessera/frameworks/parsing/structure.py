"""framework.yaml, read to areas, questions and constraints."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import prod

from tessera.frameworks.parsing.questions import QUESTION_KEYS, read_question
from tessera.frameworks.parsing.rules import read_rule
from tessera.frameworks.parsing.yaml_nodes import Node, Page, Record, Scalar
from tessera.frameworks.schema import (
    Area,
    Constraint,
    Pathway,
    Question,
    QuestionType,
    representative_answers,
)

MOST_COMPLETIONS = 4096

_FRAMEWORK_KEYS = ("id", "version", "published", "min_coverage", "languages", "areas", "constraints")
_CONSTRAINT_KEYS = ("key", "if", "then")
_AREA_KEYS = ("key", "weight", "optional", "areas", "questions")


@dataclass(frozen=True, slots=True)
class Structure:
    """What framework.yaml says. Where it is faulty, the faulty part is left out or at its default."""

    id: str
    version: int
    published: date | None
    min_coverage: Fraction
    languages: tuple[str, ...]
    areas: tuple[Area, ...]
    constraints: tuple[Constraint, ...]
    areas_named: tuple[str, ...]
    questions_named: Mapping[str, Question | None]
    """Every key that a question bears, also where the question was too faulty to read (None)."""
    constraints_named: tuple[str, ...]
    all_named: bool
    """Whether every part has a readable key; if not, a text that seems to have no owner may be theirs."""


def read_structure(page: Page, root: Record, folder: str, parent: str) -> Structure:
    """Read and check the structure of a framework.

    Parameters
    ----------
    page : Page
        framework.yaml; takes the complaints.
    root : Record
    folder, parent : str
        Names of the folder that the file stands in and of the one above: version and id.
    """
    page.fields(root, "the framework", ("id", "version", "languages", "areas"), _FRAMEWORK_KEYS)
    entries = root.entries
    reader = _PartReader(page)
    areas = reader.read_areas(entries["areas"]) if "areas" in entries else ()
    constraints = reader.read_constraints(entries["constraints"]) if "constraints" in entries else ()
    return Structure(
        id=_read_id(page, entries.get("id"), parent),
        version=_read_version(page, entries.get("version"), folder),
        published=_read_date(page, entries.get("published")),
        min_coverage=_read_min_coverage(page, entries.get("min_coverage")),
        languages=_read_languages(page, entries.get("languages")),
        areas=areas,
        constraints=constraints,
        areas_named=tuple(reader.areas_named),
        questions_named=reader.questions,
        constraints_named=tuple(reader.constraints_named),
        all_named=reader.all_named,
    )


def _read_id(page: Page, node: Node | None, parent: str) -> str:
    id_ = page.key(node, "the id") if node else None
    if node and id_ is not None and id_ != parent:
        page.complain(node.line, f"the id is '{id_}', but the folder above is called '{parent}'")
    return id_ or parent


def _read_version(page: Page, node: Node | None, folder: str) -> int:
    text = page.text(node, "the version") if node else None
    if node is None or text is None:
        return 1
    # No leading zeros: the folder is named after the version, and 1 and 01 must not both exist.
    if not text.isascii() or not text.isdigit() or text.startswith("0") or len(text) > 4:
        page.complain(node.line, f"the version is '{text}'; it must be a whole number from 1 to 9999")
        return 1
    if text != folder:
        page.complain(node.line, f"the version is {text}, but the folder is called '{folder}'")
    return int(text)


def _read_date(page: Page, node: Node | None) -> date | None:
    text = page.text(node, "the date of publication") if node else None
    if node is None or text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    # date.fromisoformat takes other ISO forms too, such as 20260131.
    if found is None or found.isoformat() != text:
        page.complain(node.line, f"published is '{text}'; it must be a date such as 2026-01-31")
        return None
    return found


def _read_min_coverage(page: Page, node: Node | None) -> Fraction:
    default = Fraction(1, 2)
    if node is None:
        return default
    share = page.number_that(node, "min_coverage", lambda number: 0 <= number <= 1, "a share from 0 to 1")
    return default if share is None else share


def _read_languages(page: Page, node: Node | None) -> tuple[str, ...]:
    languages: list[str] = []
    for item in page.items(node, "languages") if node else ():
        language = page.text(item, "a language")
        if language is None:
            continue
        if not (language.isascii() and language.isalpha() and language.islower() and len(language) in (2, 3)):
            page.complain(item.line, f"'{language}' is no language code such as en or lv")
        elif language in languages:
            page.complain(item.line, f"the language {language} is named twice")
        else:
            languages.append(language)
    return tuple(languages)


class _PartReader:
    """Reads areas and constraints and remembers the keys, which must be unique in the whole framework."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.areas_named: list[str] = []
        self.questions: dict[str, Question | None] = {}
        self.constraints_named: list[str] = []
        self.all_named = True
        self._lines: dict[tuple[str, str], int] = {}
        self._rules: dict[str, Node] = {}
        self._area_lines: dict[str, int] = {}

    def read_areas(self, node: Node) -> tuple[Area, ...]:
        areas = [self._area(item, inside=None) for item in self.page.items(node, "areas")]
        sound = tuple(area for area in areas if area is not None)
        if sound and len(sound) == len(areas) and all(area.optional for area in sound):
            self.page.complain(node.line, "every area is optional; at least one must not be")
        # Only now is every question known, so a rule that names a later one can be told so.
        return tuple(self._with_rules(area) for area in sound)

    def read_constraints(self, node: Node) -> tuple[Constraint, ...]:
        constraints: list[Constraint] = []
        for item in self.page.items(node, "constraints"):
            record = self.page.fields(item, "a constraint", _CONSTRAINT_KEYS, _CONSTRAINT_KEYS)
            key = self._unique_key(record, "the constraint's key") if record else None
            if record is None or key is None:
                continue
            self.constraints_named.append(key)
            condition, consequence = (
                read_rule(self.page, record.entries[part], self.questions, lambda _: None)
                if part in record.entries
                else None
                for part in ("if", "then")
            )
            if condition is not None and consequence is not None:
                constraints.append(Constraint(key, condition, consequence))
        return tuple(constraints)

    def _area(self, node: Node, inside: str | None) -> Area | None:
        record = self.page.fields(node, "an area", ("key",), _AREA_KEYS)
        if record is None:
            self.all_named = False
            return None
        key = self._unique_key(record, "the area's key")
        if key is None:
            # What stands in the area is read all the same, for its own faults.
            key = f"in line {record.line}"
        else:
            self.areas_named.append(key)
        self._area_lines[key] = record.line
        areas, questions = record.entries.get("areas"), record.entries.get("questions")
        if (areas is None) == (questions is None):
            has = "both areas and questions" if areas else "neither areas nor questions"
            self.page.complain(record.line, f"the area {key} has {has}; it must have one of them")
        elif areas and inside:
            self.page.complain(
                areas.line, f"the area {key} stands inside {inside} and cannot hold areas: they nest two deep"
            )
        weight, optional = self._weight(record, key), self._optional(record, key, inside)
        if areas and not questions and not inside:
            parts = [self._area(item, inside=key) for item in self.page.items(areas, f"{key}.areas")]
            return Area(key, weight, optional, tuple(part for part in parts if part is not None), ())
        if questions and not areas:
            read = [self._question(item, key) for item in self.page.items(questions, f"{key}.questions")]
            self.all_named = self.all_named and bool(read)
            return Area(key, weight, optional, (), tuple(each for each in read if each is not None))
        self.all_named = False
        return None

    def _unique_key(self, record: Record, what: str) -> str | None:
        node = record.entries.get("key")
        key = self.page.key(node, what) if node else None
        if node is None or key is None:
            self.all_named = False
            return None
        if (what, key) in self._lines:
            first = self._lines[what, key]
            self.page.complain(node.line, f"{what} '{key}' stands here again, first in line {first}")
            self.all_named = False
            return None
        self._lines[what, key] = node.line
        return key

    def _weight(self, record: Record, key: str) -> Fraction:
        node = record.entries.get("weight")
        if node is None:
            return Fraction(1)
        what = f"the weight of the area {key}"
        return self.page.number_that(node, what, lambda number: number > 0, "above 0") or Fraction(1)

    def _optional(self, record: Record, key: str, inside: str | None) -> bool:
        node = record.entries.get("optional")
        if node is None:
            return False
        optional = self.page.choice(node, f"'optional' of the area {key}", ("true", "false")) == "true"
        if optional and inside:
            self.page.complain(
                node.line, f"the area {key} stands inside {inside}; only an area at the top can be optional"
            )
        return optional

    def _question(self, node: Node, area: str) -> Question | None:
        named = node.entries.get("key") if isinstance(node, Record) else None
        with self.page.about(named.text if isinstance(named, Scalar) else None):
            record = self.page.fields(node, "a question", ("key", "type", "kind"), QUESTION_KEYS)
            if record is None:
                self.all_named = False
                return None
            key = self._unique_key(record, "the question's key")
            if key is None:
                return None
            question = read_question(self.page, record, key, area)
            if question and "when" in record.entries:
                self._rules[key] = record.entries["when"]
            self.questions[key] = question
            return question

    def _with_rules(self, area: Area) -> Area:
        if area.composite:
            return replace(area, areas=tuple(self._with_rules(part) for part in area.areas))
        above: set[str] = set()
        questions: list[Question] = []
        for question in area.questions:
            questions.append(self._with_rule(question, above))
            above.add(question.key)
        whole = replace(area, questions=tuple(questions))
        self._check_area(whole)
        return whole

    def _with_rule(self, question: Question, above: set[str]) -> Question:
        if (node := self._rules.get(question.key)) is None:
            return question
        with self.page.about(question.key):
            rule = read_rule(
                self.page, node, self.questions, lambda named: self._objection(named, question, above)
            )
        return replace(question, when=rule)

    def _objection(self, named: str, question: Question, above: set[str]) -> str | None:
        governor = self.questions[named]
        if governor is not None and governor.area != question.area:
            return f"belongs to another area, {governor.area}"
        if named == question.key:
            return "is the question itself"
        if governor is None:
            return None
        if named not in above:
            return "stands below it; a rule may name only questions above"
        if question.pathway is Pathway.CORE and governor.pathway is not Pathway.CORE:
            return "is not in the core pathway; a core question may depend on core questions only"
        if governor.weight == 0:
            return "has the weight 0; a question that governs others needs a weight above 0"
        return None

    def _check_area(self, area: Area) -> None:
        line = self._area_lines[area.key]
        if area.questions and all(question.weight == 0 for question in area.questions):
            self.page.complain(line, f"the area {area.key} has no question with a weight above 0")
        governing = area.governing()
        completions = prod(_count_answers(q, governing[q.key]) for q in area.questions if q.key in governing)
        if completions > MOST_COMPLETIONS:
            self.page.complain(
                line,
                f"the questions that govern others in the area {area.key} ({', '.join(governing)}) can be "
                f"answered in {completions:,} ways together; at most {MOST_COMPLETIONS:,} are allowed",
            )


def _count_answers(question: Question, thresholds: frozenset[float]) -> int:
    # A set for each way to choose among the options that do not exclude the others, but for the empty one,
    # and the exclusive option: counted, because to list them could take for ever.
    if question.type is QuestionType.MULTIPLE:
        return int(2 ** (len(question.options) - 1))
    return len(representative_answers(question, thresholds))
