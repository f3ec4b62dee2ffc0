"""Frameworks of a few questions, made in code: what a test does not say is as plain as it can be."""

from collections.abc import Mapping
from fractions import Fraction

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.schema import (
    FIXED_OPTIONS,
    Area,
    ChangeMap,
    Constraint,
    Framework,
    Kind,
    Option,
    Pathway,
    Question,
    QuestionType,
    Texts,
)
from tessera.frameworks.when_rules import Rule, Value


def question(
    key: str,
    type: str = "yes-partly-no",
    *,
    weight: str = "1",
    when: Rule | None = None,
    options: Mapping[str, str] | None = None,
    exclusive: str | None = None,
    cap: str | None = None,
    scale: tuple[tuple[str, str], ...] = (),
    pathway: Pathway = Pathway.CORE,
) -> Question:
    points = options if options is not None else FIXED_OPTIONS.get(QuestionType(type), {})
    return Question(
        key=key,
        area="",
        type=QuestionType(type),
        kind=Kind.INPUT,
        weight=Fraction(weight),
        pathway=pathway,
        may_not_apply=True,
        evidence_wished=False,
        when=when,
        options=tuple(Option(option, Fraction(value)) for option, value in points.items()),
        exclusive=exclusive,
        cap=Fraction(cap) if cap else None,
        scale=tuple((Fraction(x), Fraction(y)) for x, y in scale),
        line=1,
    )


def area(key: str, *parts: Question | Area, weight: str = "1", optional: bool = False) -> Area:
    return Area(
        key=key,
        weight=Fraction(weight),
        optional=optional,
        areas=tuple(part for part in parts if isinstance(part, Area)),
        questions=tuple(part for part in parts if isinstance(part, Question)),
    )


def framework(
    *areas: Area,
    version: int = 1,
    constraints: tuple[Constraint, ...] = (),
    changes: ChangeMap | None = None,
) -> Framework:
    return Framework(
        id="small",
        version=version,
        published=None,
        min_coverage=Fraction(1, 2),
        areas=areas,
        constraints=constraints,
        texts={"en": Texts("en", "Small", "", False, {}, {}, {})},
        changes=changes,
        source="Made for a test.",
        content_hash="0" * 64,
        scheme_hash="1" * 64,
    )


DOES_NOT_APPLY = Answer(not_applicable=True, reason="Made for a test.")


def sheet(
    *,
    city: str = "Riga",
    year: int = 2023,
    version: int = 1,
    pathway: Pathway = Pathway.FULL,
    **answers: Value | Answer,
) -> AnswerSheet:
    """Answers by key, with underscores for hyphens."""
    return AnswerSheet(
        framework_id="small",
        version=version,
        pathway=pathway,
        city=city,
        year=year,
        invented=True,
        answers={
            key.replace("_", "-"): given if isinstance(given, Answer) else Answer(value=given)
            for key, given in answers.items()
        },
    )
