"""What moved since an earlier review, in words, figures and bars."""

from collections.abc import Sequence

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.profile import AreaMove, Movement, Profile, QuestionMove
from tessera.frameworks.schema import Change, Framework, Texts
from tessera.reports.answer_words import NOTHING, answer_in_words, points_or_state
from tessera.reports.parts import AreaMoved, BarChart, BarRow, Chart, Moved, QuestionAnswer, Table
from tessera.reports.wording import Wording, display_parts


def build_moved(
    words: Wording,
    framework: Framework,
    texts: Texts,
    sheet: AnswerSheet,
    profile: Profile,
    previous_sheet: AnswerSheet | None,
) -> Moved:
    """Put the movement of a profile that has one into words.

    Parameters
    ----------
    previous_sheet : AnswerSheet or None
        Without it, points stand in the place of the answers then and now.
    """
    movement = profile.movement
    assert movement is not None
    year = {"year": movement.previous_year}
    return Moved(
        heading=words.gettext("What moved since %(year)s") % year,
        sentences=(
            _overall_sentence(words, movement),
            words.gettext(
                "Counted are only questions that asked the same both times, if need be in other words, and "
                "were answered both times. "
                "A difference shows that answers changed. It does not say why."
            ),
        ),
        chart=_chart(words, texts, profile, movement),
        areas_heading=words.gettext("Area by area"),
        areas=tuple(
            _area(words, framework, texts, sheet, previous_sheet, profile, move)
            for move in movement.areas
            if move.questions or move.not_compared
        ),
        not_compared_label=words.gettext("Not comparable"),
    )


def _overall_sentence(words: Wording, movement: Movement) -> str:
    difference = movement.overall.get("core")
    if difference is None:
        sentence = words.gettext(
            "Too little can be compared with %(year)s for a difference of the overall score (core)."
        )
        return sentence % {"year": movement.previous_year}
    sentence = words.gettext(
        "Like for like, the overall score (core) differs from that of %(year)s by %(difference)s points."
    )
    return sentence % {"year": movement.previous_year, "difference": words.signed(difference)}


def _chart(words: Wording, texts: Texts, profile: Profile, movement: Movement) -> Chart | None:
    top = [
        (move, move.contribution)
        for move in movement.areas
        if profile.area(move.key).parent is None and move.contribution is not None
    ]
    if not top:
        return None
    parts = display_parts([contribution for _, contribution in top])
    total = words.signed(sum(parts))
    titles = [texts.areas[move.key].title for move, _ in top]
    title = words.gettext("What each area adds to the difference of the overall score (core)")
    sentence = words.gettext("Together the areas add up to %(total)s points.") % {"total": total}
    most, least = max(parts), min(parts)
    if most > 0:
        named = words.listed([name for name, part in zip(titles, parts, strict=True) if part == most])
        sentence += " " + words.gettext("Most is added by: %(areas)s (%(points)s).") % {
            "areas": named,
            "points": words.signed(most),
        }
    if least < 0:
        named = words.listed([name for name, part in zip(titles, parts, strict=True) if part == least])
        sentence += " " + words.gettext("Most is taken away by: %(areas)s (%(points)s).") % {
            "areas": named,
            "points": words.signed(least),
        }
    rows = tuple(
        (
            name,
            _points_then(words, movement, move),
            points_or_state(words, profile.area(move.key).state, profile.area(move.key).score.points),
            NOTHING if move.difference is None else words.signed(move.difference),
            words.percent(move.compared_share),
            words.signed(part),
        )
        for name, (move, _), part in zip(titles, top, parts, strict=True)
    )
    return Chart(
        name="moved",
        title=title,
        description=" ".join(
            [title + ".", sentence, words.gettext("The table holds all figures of the chart.")]
        ),
        sentence=sentence,
        drawing=BarChart(
            tuple(
                BarRow(name, words.signed(part), float(part))
                for name, part in zip(titles, parts, strict=True)
            )
        ),
        table=Table(
            title,
            (
                words.gettext("Area"),
                words.gettext("Points in %(year)s") % {"year": movement.previous_year},
                words.gettext("Points in %(year)s") % {"year": profile.year},
                words.gettext("Like for like"),
                words.gettext("Comparable weight"),
                words.gettext("Adds to the overall score"),
            ),
            rows,
            total=(words.gettext("Sum"), "", "", "", "", total),
        ),
    )


def _points_then(words: Wording, movement: Movement, move: AreaMove) -> str:
    points = movement.previous_points.get(move.key)
    return NOTHING if points is None else words.points(points)


def _area(
    words: Wording,
    framework: Framework,
    texts: Texts,
    sheet: AnswerSheet,
    previous_sheet: AnswerSheet | None,
    profile: Profile,
    move: AreaMove,
) -> AreaMoved:
    scored = [question for question in move.questions if framework.question(question.key).weight > 0]
    changed = [question for question in scored if question.before != question.now]
    same = len(scored) - len(changed)
    sentences = [_area_sentence(words, move)]
    if same:
        sentences.append(
            words.ngettext(
                "The points of %(n)s question stayed as they were.",
                "The points of %(n)s questions stayed as they were.",
                same,
            )
            % {"n": same}
        )
    return AreaMoved(
        title=texts.areas[move.key].title,
        sentence=" ".join(sentences),
        table=_questions_table(words, framework, texts, sheet, previous_sheet, profile, move, changed),
        not_compared=tuple(
            QuestionAnswer(texts.questions[question.key].text, _reason(words, question.reason))
            for question in move.not_compared
        ),
    )


def _area_sentence(words: Wording, move: AreaMove) -> str:
    if move.difference is None:
        return words.gettext("Too little can be compared for a difference.")
    return words.gettext(
        "Like for like: %(difference)s points, over %(share)s of the weight that applies now."
    ) % {"difference": words.signed(move.difference), "share": words.percent(move.compared_share)}


def _questions_table(
    words: Wording,
    framework: Framework,
    texts: Texts,
    sheet: AnswerSheet,
    previous_sheet: AnswerSheet | None,
    profile: Profile,
    move: AreaMove,
    changed: Sequence[QuestionMove],
) -> Table | None:
    if not changed or move.difference is None:
        return None
    assert profile.movement is not None
    parts = display_parts([question.contribution for question in changed])

    def said(question: QuestionMove, points: float, given: AnswerSheet | None) -> str:
        value = given.answers.get(question.key, Answer()).value if given else None
        if value is None:
            return words.points(points)
        answer = answer_in_words(
            words, framework.question(question.key), texts.questions[question.key], value
        )
        return f"{answer} ({words.points(points)})"

    return Table(
        caption=words.gettext("Answers that moved: %(area)s") % {"area": texts.areas[move.key].title},
        header=(
            words.gettext("Question"),
            str(profile.movement.previous_year),
            str(profile.year),
            words.gettext("Adds to the area's score"),
        ),
        rows=tuple(
            (
                texts.questions[question.key].text,
                said(question, question.before, previous_sheet),
                said(question, question.now, sheet),
                words.signed(part),
            )
            for question, part in zip(changed, parts, strict=True)
        ),
        words=3,
        total=(words.gettext("Sum"), "", "", words.signed(sum(parts))),
    )


def _reason(words: Wording, reason: str) -> str:
    return {
        Change.CHANGED: words.gettext("the question or its options were changed"),
        Change.NEW: words.gettext("the question is new"),
        Change.SPLIT: words.gettext("an earlier question was split"),
        Change.MERGED: words.gettext("earlier questions were merged"),
        "not-answered-then": words.gettext("no answer counted then"),
        "not-answered-now": words.gettext("no answer counts now"),
    }[reason]
