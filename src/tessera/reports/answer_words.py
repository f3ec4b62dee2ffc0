"""Answers and scores in words."""

from tessera.frameworks.answers import Answer
from tessera.frameworks.profile import AreaProfile, AreaState, DrawnFrom, Interval, QuestionState, Score
from tessera.frameworks.schema import Question, QuestionText, QuestionType, Texts
from tessera.frameworks.when_rules import Value
from tessera.reports.parts import ScoreText
from tessera.reports.wording import Wording, display_points

NOTHING = "\N{EN DASH}"
"""In a table, where there is no figure."""


def answer_in_words(wording: Wording, question: Question, text: QuestionText, value: Value) -> str:
    """An answer as it is read by people: the labels of options, numbers with their unit."""
    if isinstance(value, tuple):
        return "; ".join(text.options[key] for key in value)
    if isinstance(value, str):
        return text.options[value]
    if question.type is QuestionType.PERIOD:
        return wording.years(value)
    return f"{wording.number(value)} {text.unit}".strip()


def answer_or_state(
    wording: Wording, question: Question, text: QuestionText, state: QuestionState, answer: Answer
) -> str:
    """The answer in words, or why none is counted."""
    if state is QuestionState.NOT_APPLICABLE:
        return wording.gettext("Does not apply")
    if state is QuestionState.HIDDEN:
        return wording.gettext("Not asked: another answer rules it out")
    if answer.value is None:
        return wording.gettext("Not answered")
    words = answer_in_words(wording, question, text, answer.value)
    if state is QuestionState.MISSING:
        return wording.gettext("%(answer)s (not counted yet: it is open whether the question applies)") % {
            "answer": words
        }
    return words


def area_title(wording: Wording, texts: Texts, area: AreaProfile) -> str:
    """The title of an area, with a word for those that a city may leave out."""
    title = texts.areas[area.key].title
    return wording.gettext("%(area)s (optional)") % {"area": title} if area.optional else title


def band_in_figures(wording: Wording, band: Interval | None) -> str:
    """*53–62* in whole points."""
    if band is None:
        return NOTHING
    low, high = wording.points(band.low), wording.points(band.high)
    return low if low == high else f"{low}\N{EN DASH}{high}"


def coverage_in_figures(wording: Wording, score: Score) -> str:
    return NOTHING if score.coverage is None else wording.percent(score.coverage)


def points_or_state(wording: Wording, state: AreaState, points: float | None) -> str:
    """Whole points, or in words why there are none."""
    if points is not None:
        return wording.points(points)
    return {
        AreaState.NOT_ENOUGH: wording.gettext("not enough answers"),
        AreaState.NOT_APPLICABLE: wording.gettext("does not apply"),
        AreaState.NOT_FILLED: wording.gettext("left out"),
    }[state]


def unit_of(wording: Wording, points: float) -> str:
    """What follows the figure of a score."""
    return wording.ngettext("point of 100", "points of 100", display_points(points))


def score_in_words(
    wording: Wording, title: str, state: AreaState, score: Score, left_out: list[str], min_coverage: float
) -> ScoreText:
    """A score with what it rests on and where it can lie.

    Parameters
    ----------
    left_out : list of str
        Titles of the areas inside that have no score.
    min_coverage : float
        Share 0 to 1 under which there is no score.
    """
    if state is AreaState.NOT_FILLED:
        figure = wording.gettext("Left out")
        basis = [wording.gettext("This area is optional, and the city left it out.")]
    elif state is AreaState.NOT_APPLICABLE:
        figure = wording.gettext("Does not apply")
        basis = [wording.gettext("None of the questions applies to the city.")]
    else:
        figure = (
            wording.gettext("Not enough answers") if score.points is None else wording.points(score.points)
        )
        basis = [_coverage_sentence(wording, score, min_coverage), *_band_sentences(wording, score)]
    if left_out:
        basis.append(
            wording.gettext("Left out of this score, because they have none of their own: %(areas)s.")
            % {"areas": wording.listed(left_out)}
        )
    unit = "" if score.points is None else unit_of(wording, score.points)
    return ScoreText(title, score.points is not None, figure, unit, " ".join(basis))


def _coverage_sentence(wording: Wording, score: Score, min_coverage: float) -> str:
    coverage = score.coverage or 0.0
    if coverage == 1:
        return wording.gettext("Every question that applies was answered.")
    if coverage == 0:
        return wording.gettext("No question was answered.")
    share = {"coverage": wording.percent(coverage), "minimum": wording.percent(min_coverage)}
    if score.points is None:
        return (
            wording.gettext("The answers cover %(coverage)s of the weight; a score needs %(minimum)s.")
            % share
        )
    return wording.gettext("The answers cover %(coverage)s of the weight.") % share


def _band_sentences(wording: Wording, score: Score) -> list[str]:
    outer, likely = score.outer_band, score.likely_band
    if outer is None or outer.low == outer.high:
        return []
    low, high = wording.points(outer.low), wording.points(outer.high)
    if low == high:
        return [
            wording.gettext("With every question answered, the score would round to %(points)s.")
            % {"points": low}
        ]
    sentences = [
        wording.gettext("With every question answered, the score would lie between %(low)s and %(high)s.")
        % {"low": low, "high": high}
    ]
    if likely is not None:
        low, high = wording.points(likely.low), wording.points(likely.high)
        if low == high:
            sentence = wording.gettext("With a chance of 80%% it would be about %(low)s, %(condition)s.")
        else:
            sentence = wording.gettext(
                "With a chance of 80%% it would lie between %(low)s and %(high)s, %(condition)s."
            )
        condition = _condition(wording, set(score.likely_from))
        sentences.append(sentence % {"low": low, "high": high, "condition": condition})
    return sentences


def _condition(wording: Wording, drawn_from: set[DrawnFrom]) -> str:
    """What the chance of the 80 % interval rests on: part of a sentence."""
    if drawn_from == {DrawnFrom.CLASS, DrawnFrom.OPTIONS}:
        return wording.gettext(
            "if the missing answers are like those of the class (all equally likely where it gave too few)"
        )
    if drawn_from == {DrawnFrom.CLASS}:
        return wording.gettext("if the missing answers are like those of the class")
    return wording.gettext("if every possible answer is equally likely")
