"""One question of framework.yaml: its type, options and points."""

from collections.abc import Mapping
from fractions import Fraction

from tessera.frameworks.parsing.yaml_nodes import Items, Node, Page, Record, Scalar
from tessera.frameworks.schema import FIXED_OPTIONS, NEVER, Kind, Option, Pathway, Question, QuestionType

MOST_OPTIONS = 16
"""Of a question of type multiple: the sets of options that a city may choose double with each."""

_CHOSEN = (QuestionType.SINGLE, QuestionType.MULTIPLE)
_MEASURED = (QuestionType.NUMBER, QuestionType.PERIOD)
_ONLY_FOR: Mapping[str, tuple[QuestionType, ...]] = {
    "points": tuple(FIXED_OPTIONS),
    "options": _CHOSEN,
    "exclusive": (QuestionType.MULTIPLE,),
    "cap": (QuestionType.MULTIPLE,),
    "scale": _MEASURED,
    "never": (QuestionType.PERIOD,),
}
_NEEDED = ("options", "exclusive", "scale", "never")
QUESTION_KEYS = (
    *("key", "type", "kind", "weight", "pathway", "not_applicable", "evidence", "when"),
    *_ONLY_FOR,
)


def read_question(page: Page, record: Record, key: str, area: str) -> Question | None:
    """Read a question, but for its rule.

    Returns
    -------
    Question or None
        None where its type is unknown or it has no answers, so that nothing else about it can be checked.
    """
    word = _choice(page, record, "kind", tuple(Kind), Kind.INPUT)
    pathway = _choice(page, record, "pathway", tuple(Pathway), Pathway.FULL)
    not_applicable = _choice(page, record, "not_applicable", ("allowed", "refused"), "refused")
    evidence = _choice(page, record, "evidence", ("wished", "none"), "none")
    weight = _from_zero(page, record.entries["weight"], "the weight") if "weight" in record.entries else None
    node = record.entries.get("type")
    named = page.choice(node, "the type", tuple(QuestionType)) if node else None
    if named is None:
        return None
    type_ = QuestionType(named)
    _refuse_foreign_keys(page, record, type_)
    options = _read_options(page, record, type_)
    scale = _read_scale(page, record.entries.get("scale")) if type_ in _MEASURED else ()
    if not options and not scale:
        return None
    question = Question(
        key=key,
        area=area,
        type=type_,
        kind=Kind(word),
        weight=Fraction(1) if weight is None else weight,
        pathway=Pathway(pathway),
        may_not_apply=not_applicable == "allowed",
        evidence_wished=evidence == "wished",
        when=None,
        options=options,
        exclusive=_read_exclusive(page, record, options) if type_ is QuestionType.MULTIPLE else None,
        cap=_read_cap(page, record, options) if type_ is QuestionType.MULTIPLE else None,
        scale=scale,
        line=record.line,
    )
    if scale and scale[-1][0] > question.bounds[1]:
        longest = f"{float(question.bounds[1]):g} years, the longest answer"
        page.complain(record.entries["scale"].line, f"the scale goes beyond {longest}")
    if question.possible == 0:
        page.complain(record.line, "no answer gives points; at least one must")
    return question


def _choice(page: Page, record: Record, key: str, words: tuple[str, ...], default: str) -> str:
    node = record.entries.get(key)
    found = page.choice(node, f"'{key}'", words) if node else None
    return default if found is None else found


def _from_zero(page: Page, node: Node, what: str) -> Fraction | None:
    return page.number_that(node, what, lambda number: number >= 0, "0 or more")


def _points(page: Page, node: Node, what: str) -> Fraction:
    points = _from_zero(page, node, what)
    # Any number above 0 will do for one that is wrong: it must not give rise to "no answer gives points".
    return Fraction(1) if points is None else points


def _refuse_foreign_keys(page: Page, record: Record, type_: QuestionType) -> None:
    for key, types in _ONLY_FOR.items():
        if key in record.entries and type_ not in types:
            page.complain(
                record.key_lines[key], f"'{key}' is only for the types {', '.join(types)}; this is {type_}"
            )
        if key in _NEEDED and type_ in types and key not in record.entries:
            page.complain(record.line, f"a question of the type {type_} lacks the key '{key}'")


def _read_options(page: Page, record: Record, type_: QuestionType) -> tuple[Option, ...]:
    if type_ in FIXED_OPTIONS:
        fixed = FIXED_OPTIONS[type_]
        if "points" not in record.entries:
            return tuple(Option(key, Fraction(points)) for key, points in fixed.items())
        node = page.fields(record.entries["points"], "'points'", tuple(fixed), tuple(fixed))
        given = node.entries if node else {}
        return tuple(
            Option(key, _points(page, given[key], f"the points of '{key}'") if key in given else Fraction(0))
            for key in fixed
        )
    if type_ in _CHOSEN and "options" in record.entries:
        return _read_own_options(page, record.entries["options"], type_)
    if type_ is QuestionType.PERIOD and NEVER in record.entries:
        return (Option(NEVER, _points(page, record.entries[NEVER], "the points of 'never'")),)
    return ()


def _read_own_options(page: Page, node: Node, type_: QuestionType) -> tuple[Option, ...]:
    record = page.record(node, "'options'")
    if record is None:
        return ()
    if len(record.entries) < 2:
        page.complain(node.line, "'options' must have at least two options")
        return ()
    if type_ is QuestionType.MULTIPLE and len(record.entries) > MOST_OPTIONS:
        page.complain(node.line, f"'options' has {len(record.entries)} options; {MOST_OPTIONS} are the most")
        return ()
    options: list[Option] = []
    for text, value in record.entries.items():
        key = page.key(Scalar(record.key_lines[text], text), "the option")
        points = _points(page, value, f"the points of '{text}'")
        if key is not None:
            options.append(Option(key, points))
    if len(options) < len(record.entries):
        return ()
    return tuple(options)


def _read_exclusive(page: Page, record: Record, options: tuple[Option, ...]) -> str | None:
    node = record.entries.get("exclusive")
    key = page.choice(node, "'exclusive'", tuple(option.key for option in options)) if node else None
    points = sum(option.points for option in options if option.key == key)
    if node and points:
        page.complain(
            node.line, f"the exclusive option '{key}' gives {float(points):g} points; it must give 0"
        )
    return key


def _read_cap(page: Page, record: Record, options: tuple[Option, ...]) -> Fraction:
    most = sum((option.points for option in options), Fraction(0))
    node = record.entries.get("cap")
    if node is None:
        return most
    expected = f"above 0 and at most {float(most):g}, the sum of the options' points"
    return page.number_that(node, "the cap", lambda number: 0 < number <= most, expected) or most


def _read_scale(page: Page, node: Node | None) -> tuple[tuple[Fraction, Fraction], ...]:
    pairs: list[tuple[Fraction, Fraction]] = []
    for item in page.items(node, "'scale'") if node else ():
        if not isinstance(item, Items) or len(item.nodes) != 2:
            page.complain(item.line, "each step of a scale is a pair: [value, points]")
            return ()
        value = page.number(item.nodes[0], "a value of the scale")
        points = _points(page, item.nodes[1], "the points of a step")
        if value is None:
            return ()
        if pairs and value <= pairs[-1][0]:
            before = float(pairs[-1][0])
            page.complain(item.line, f"the values of a scale must rise; {float(value):g} follows {before:g}")
            return ()
        pairs.append((value, points))
    if len(pairs) == 1 and node:
        page.complain(node.line, "a scale needs at least two steps")
    return tuple(pairs)
