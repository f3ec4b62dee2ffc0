"""Sheets of paper on which people answer: which statements stand on them, and how they are printed.

Their words stand in a template, as those of all that residents read, so that their translators find them.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from django.template.loader import render_to_string
from django.utils.translation import override

from tessera.apps.dialogue.actions.on_paper import MOST_LINES, NewSheet
from tessera.apps.dialogue.asking import Worded, draw_statements, read_progress
from tessera.apps.dialogue.codes import spell_code
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation
from tessera.apps.dialogue.numbers_on_paper import spell_number
from tessera.reports.answer_sheet import AnswerSheets, SheetCopy, SheetLine, SheetWords, print_answer_sheets


def draw_for_paper(consultation: Consultation, language: str, rng: np.random.Generator) -> list[Worded]:
    """Shown statements by lot, as for somebody who has answered nothing; all, if a sheet has room.

    What was said in a trial is left out: it goes when the consultation opens.
    """
    progress = read_progress(consultation, None)
    drawn = draw_statements(consultation, progress, language, most=MOST_LINES, after=(), rng=rng)
    if consultation.state != State.DRAFT:
        return drawn
    lasting = set(consultation.statements.to_begin_with().values_list("pk", flat=True))
    return [each for each in drawn if each.pk in lasting]


def set_sheets(
    consultation: Consultation,
    language: str,
    *,
    statements: Sequence[Worded],
    sheets: Sequence[NewSheet],
    hand_in_by: date,
    address: str,
) -> bytes:
    """Sheets with these statements, in this order, as a PDF; `address` is where a code opens answers.

    Raises NoLetterError and DoesNotFitError of `reports.typesetting`.
    """
    with override(language):
        said = render_to_string("dialogue/resident/answer_sheet.txt", {"hand_in_by": hand_in_by})
        notice = render_to_string("dialogue/resident/poster/invented.txt").strip()
    words = SheetWords(**dict(line.split(": ", 1) for line in said.strip().splitlines()))
    return print_answer_sheets(
        AnswerSheets(
            language=language,
            city=consultation.city.name.in_language(language),
            title=consultation.title.in_language(language),
            asked_by=consultation.asked_by.in_language(language),
            what_follows=consultation.what_follows.in_language(language),
            notice=notice if consultation.invented else "",
            address=address,
            words=words,
            lines=[_sheet_line(place, statement) for place, statement in enumerate(statements, start=1)],
            copies=[SheetCopy(spell_number(sheet.number), spell_code(sheet.code)) for sheet in sheets],
        )
    )


def _sheet_line(place: int, statement: Worded) -> SheetLine:
    given = statement.by_machine_from
    return SheetLine(
        code=spell_number(place),
        text=statement.text,
        language=statement.language.code,
        original=given.text if given is not None else "",
        original_language=given.language.code if given is not None else "",
    )
