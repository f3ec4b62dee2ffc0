"""Hashes of a framework: the same for the same content, however its files are laid out."""

import hashlib
import json
from dataclasses import asdict

from tessera.frameworks.parsing.rules import rule_as_data
from tessera.frameworks.schema import Area, Framework, Question


def scheme_hash(framework: Framework) -> str:
    """SHA-256 of what decides a score, whatever the order in which areas, questions and options stand.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return _hash(
        {
            "min_coverage": str(framework.min_coverage),
            "areas": {area.key: _area_scheme(area) for area in framework.areas},
        }
    )


def content_hash(framework: Framework) -> str:
    """SHA-256 of the whole definition.

    It does not depend on the order of keys in the files, on comments or on line endings; it does on the order
    of areas, questions and options, in which people read them.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return _hash(
        {
            "id": framework.id,
            "version": framework.version,
            "published": framework.published.isoformat() if framework.published else None,
            "min_coverage": str(framework.min_coverage),
            "areas": [_area_content(area) for area in framework.areas],
            "constraints": [
                [constraint.key, rule_as_data(constraint.condition), rule_as_data(constraint.consequence)]
                for constraint in framework.constraints
            ],
            "languages": framework.languages,
            "texts": {language: asdict(texts) for language, texts in framework.texts.items()},
            "changes": asdict(framework.changes) if framework.changes else None,
            "source": framework.source,
        }
    )


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _area_scheme(area: Area) -> dict[str, object]:
    return {
        "weight": str(area.weight),
        "optional": area.optional,
        "areas": {part.key: _area_scheme(part) for part in area.areas},
        "questions": {question.key: _question_scheme(question) for question in area.questions},
    }


def _question_scheme(question: Question) -> dict[str, object]:
    return {
        "type": question.type,
        "weight": str(question.weight),
        "pathway": question.pathway,
        "may_not_apply": question.may_not_apply,
        "when": rule_as_data(question.when) if question.when else None,
        "options": {option.key: str(option.points) for option in question.options},
        "exclusive": question.exclusive,
        "cap": str(question.cap),
        "scale": [[str(value), str(points)] for value, points in question.scale],
    }


def _area_content(area: Area) -> dict[str, object]:
    return {
        "key": area.key,
        "weight": str(area.weight),
        "optional": area.optional,
        "areas": [_area_content(part) for part in area.areas],
        "questions": [
            {
                "key": question.key,
                "kind": question.kind,
                "evidence_wished": question.evidence_wished,
                "order_of_options": [option.key for option in question.options],
                **_question_scheme(question),
            }
            for question in area.questions
        ],
    }
