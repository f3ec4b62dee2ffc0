import os
import subprocess
import sys

import pytest

from tessera.demo.answers import Wording, invent_sheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway

WORDING = Wording(["A reason"], ["A note"], ["A document"])


def invent(slug="riga", *, version=2, year=2023, cycle=1, pathway=Pathway.FULL, sparse=False):
    return invent_sheet(
        find_framework("intercultural-review", version),
        slug=slug,
        city="A city",
        year=year,
        cycle=cycle,
        pathway=pathway,
        sparse=sparse,
        wording=WORDING,
    )


def test_the_same_city_answers_the_same_in_every_process():
    program = (
        "from tests.demo.test_invented_answers import invent; print(invent().sheet.content_hash(), end='')"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }

    assert hashes == {invent().sheet.content_hash()}


def test_cities_answer_differently():
    assert invent("riga").sheet.content_hash() != invent("lublin").sheet.content_hash()


@pytest.mark.parametrize("pathway", Pathway)
@pytest.mark.parametrize("slug", ["riga", "tarvelo", "quintaria"])
def test_every_answer_is_one_that_its_question_takes(slug, pathway):
    framework = find_framework("intercultural-review", 2)
    asked = {question.key for question in framework.questions(pathway)}
    answers = invent(slug, pathway=pathway).sheet.answers

    assert set(answers) <= asked
    assert len(answers) > len(asked) / 2
    for key, answer in answers.items():
        question = framework.question(key)
        if answer.not_applicable:
            assert question.may_not_apply
            assert answer.reason
        else:
            assert 0 <= question.score(answer.value) <= 100


def test_a_sparse_sheet_leaves_most_questions_open():
    assert len(invent(sparse=True).sheet.answers) < len(invent().sheet.answers) / 2


def test_only_notes_of_questions_that_were_answered_are_public():
    invented = invent()

    assert invented.public_notes
    assert invented.public_notes < invented.sheet.answers.keys()
