"""The report of one review: from its profile to words, figures and drawings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.expert_words import ExpertWords
from tessera.frameworks.profile import (
    AreaProfile,
    AreaState,
    ClassRange,
    Interval,
    Profile,
    QuestionProfile,
    QuestionState,
    Score,
)
from tessera.frameworks.profile import Highlight as HighlightProfile
from tessera.frameworks.schema import Framework, Pathway, Texts
from tessera.reports.anchors import area_anchor, question_anchor
from tessera.reports.answer_words import (
    NOTHING,
    answer_or_state,
    area_title,
    band_in_figures,
    coverage_in_figures,
    points_or_state,
    score_in_words,
    unit_of,
)
from tessera.reports.findings import build_findings
from tessera.reports.method import build_method
from tessera.reports.moved import build_moved
from tessera.reports.opinions import OpinionWriting
from tessera.reports.parts import (
    AreaDetail,
    AreaScores,
    Chart,
    Contradictions,
    Details,
    DotPlot,
    DotRow,
    Highlight,
    Highlights,
    OverallScore,
    QuestionAnswer,
    QuestionDetail,
    QuestionLabels,
    ReviewReport,
    Table,
)
from tessera.reports.wording import Wording, display_points


def build_review_report(
    framework: Framework,
    sheet: AnswerSheet,
    profile: Profile,
    *,
    language: str,
    previous_sheet: AnswerSheet | None = None,
    class_name: str = "",
    expert_words: ExpertWords | None = None,
) -> ReviewReport:
    """Put a review into words, figures and drawings.

    Whatever the sheet holds is shown: hand in a sheet without notes and evidence where these are not public.

    Parameters
    ----------
    framework : Framework
        The framework and version that the sheet answers.
    sheet : AnswerSheet
    profile : Profile
        The profile of that sheet.
    language : str
        One of ``wording.LANGUAGES``. Where the framework has no texts in it, questions stand in its source
        language.
    previous_sheet : AnswerSheet, optional
        The sheet that ``profile.movement`` compares with; shows the answers then beside the answers now.
    class_name : str
        What the cities of the class have in common, in the report's language; empty if that is not known.
    expert_words : ExpertWords, optional
        What experts say beside the answers: findings, opinions, and what the scores would be with the
        experts' answers. The scores themselves stay those of the profile.

    Returns
    -------
    ReviewReport

    Raises
    ------
    UnknownLanguageError
        There are no reports in this language.
    """
    words, texts, said = Wording(language), framework.text(language), expert_words or ExpertWords()
    opinions = OpinionWriting(words, framework, texts, sheet, profile, said)
    writing = _Writing(words, texts, framework, sheet, profile, class_name, opinions)
    return ReviewReport(
        language=language,
        framework_title=texts.title,
        city=profile.city,
        year=str(profile.year),
        title=words.gettext("%(city)s, %(year)s") % {"city": profile.city, "year": profile.year},
        lead=writing.lead(),
        notice=writing.notice(),
        overall_heading=words.gettext("The whole"),
        overall=writing.overall(),
        findings=build_findings(words, framework, texts, sheet, profile, said),
        areas=writing.area_scores(),
        strengths=writing.strengths(),
        gaps=writing.gaps(),
        moved=build_moved(words, framework, texts, sheet, profile, previous_sheet)
        if profile.movement
        else None,
        contradictions=writing.contradictions(),
        details=writing.details(),
        method=build_method(words, framework, texts, profile, says_with_experts=opinions.changes_scores),
        contents_heading=words.gettext("Contents"),
        table_label=words.gettext("The figures as a table"),
        generated_by=words.gettext("Made with Tessera %(version)s") % {"version": profile.engine},
    )


@dataclass(frozen=True)
class _Writing:
    words: Wording
    texts: Texts
    framework: Framework
    sheet: AnswerSheet
    profile: Profile
    class_name: str
    opinions: OpinionWriting

    def lead(self) -> str:
        states = [question.state for area in self.profile.areas for question in area.questions]
        answered = states.count(QuestionState.ANSWERED)
        applying = answered + states.count(QuestionState.MISSING)
        described = self.words.ngettext(
            "The answers describe the year %(year)s. The city answered %(answered)s of the %(applying)s "
            "question that applies to it.",
            "The answers describe the year %(year)s. The city answered %(answered)s of the %(applying)s "
            "questions that apply to it.",
            applying,
        ) % {"year": self.profile.year, "answered": answered, "applying": applying}
        if self.profile.pathway is Pathway.CORE:
            return " ".join((described, self.words.gettext("It was asked the core questions only.")))
        return described

    def notice(self) -> str:
        if self.profile.invented:
            return self.words.gettext(
                "The answers are invented, for demonstration. They say nothing about how any real city works."
            )
        if self.profile.compared_with_invented:
            return self.words.gettext(
                "Some of the answers that these are compared with are invented, for demonstration. "
                "They say nothing about how any real city works."
            )
        return ""

    def overall(self) -> tuple[OverallScore, ...]:
        words = self.words
        titles = {
            "core": words.gettext("Overall score (core)"),
            "extended": words.gettext("Overall score (extended)"),
        }
        abouts = {
            "core": words.gettext("The mean of the areas that every city answers, by their weights."),
            "extended": words.gettext("The mean of all areas, the optional ones included, by their weights."),
        }
        return tuple(
            self._overall_score(name, titles[name], abouts[name], score)
            for name, score in self.profile.overall.items()
        )

    def _overall_score(self, name: str, title: str, about: str, score: Score) -> OverallScore:
        comparison, movement = self.profile.comparison, self.profile.movement
        row = _Row(
            title,
            False,
            AreaState.NOT_ENOUGH if score.points is None else AreaState.SCORED,
            score,
            comparison.overall.get(name) if comparison else None,
            movement.previous_overall.get(name) if movement else None,
        )
        text = score_in_words(
            self.words, title, row.state, score, self._titles(score.left_out), self.profile.min_coverage
        )
        chart = self._dot_plot(f"overall-{name}", title, text.sentence, [row])
        return OverallScore(text, about, self.opinions.beside_overall(name), chart)

    def area_scores(self) -> AreaScores:
        comparison, movement = self.profile.comparison, self.profile.movement
        rows = [
            _Row(
                self._title(area),
                area.parent is not None,
                area.state,
                area.score,
                comparison.areas.get(area.key) if comparison else None,
                movement.previous_points.get(area.key) if movement else None,
            )
            for area in self._asked_areas()
        ]
        heading = self.words.gettext("The areas")
        return AreaScores(
            heading,
            self._dot_plot(
                "areas", self.words.gettext("Scores of the areas"), self._areas_sentence(rows), rows
            ),
        )

    def strengths(self) -> Highlights:
        items = self._highlights(self.profile.strongest)
        intro = (
            self.words.gettext("The areas with the highest scores, with the answers that carry them.")
            if items
            else self.words.gettext("No area has a higher score than the others.")
        )
        return Highlights(self.words.gettext("Strengths"), intro, items)

    def gaps(self) -> Highlights:
        items = self._highlights(self.profile.weakest)
        intro = (
            self.words.gettext(
                "The areas with the lowest scores, with the answers that leave most open. "
                "A gap shows where the questionnaire finds little. It does not say why."
            )
            if items
            else self.words.gettext("No area has a lower score than the others.")
        )
        return Highlights(self.words.gettext("Gaps"), intro, items)

    def contradictions(self) -> Contradictions | None:
        if not self.profile.contradictions:
            return None
        return Contradictions(
            self.words.gettext("Answers that contradict each other"),
            self.words.gettext(
                "All of these answers count as they were given. Someone should look at them again."
            ),
            tuple(self.texts.constraints[key] for key in self.profile.contradictions),
        )

    def details(self) -> Details:
        gettext = self.words.gettext
        return Details(
            gettext("Every question and answer"),
            gettext("All weights are shown: how much a question counts in its area is part of the method."),
            self.opinions.summary(),
            QuestionLabels(
                gettext("Question"),
                gettext("Answer"),
                gettext("Points"),
                gettext("Weight"),
                gettext("Share of the area's score"),
            ),
            tuple(self._area_detail(area) for area in self._asked_areas()),
        )

    def _area_detail(self, area: AreaProfile) -> AreaDetail:
        return AreaDetail(
            anchor=area_anchor(area.key),
            title=self._title(area),
            about=self.texts.areas[area.key].about,
            inside=area.parent is not None,
            score=score_in_words(
                self.words,
                self._title(area),
                area.state,
                area.score,
                self._titles(area.score.left_out),
                self.profile.min_coverage,
            ),
            with_experts=self.opinions.beside_area(area.key),
            questions=tuple(self._question_detail(area, question) for question in area.questions),
        )

    def _question_detail(self, area: AreaProfile, question: QuestionProfile) -> QuestionDetail:
        words, text = self.words, self.texts.questions[question.key]
        answer = self.sheet.answers.get(question.key, Answer())
        remarks = [
            (
                words.gettext("Reason"),
                answer.reason if question.state is QuestionState.NOT_APPLICABLE else "",
            ),
            (words.gettext("Note"), answer.note),
            (words.gettext("Evidence"), answer.evidence),
        ]
        if question.state is QuestionState.HIDDEN:
            remarks = []
        # A question without weight is asked and shown, and reaches no score.
        points = question.points if question.weight > 0 else None
        share = question.share if question.weight > 0 and area.state is AreaState.SCORED else None
        return QuestionDetail(
            key=question.key,
            anchor=question_anchor(question.key),
            text=text.text,
            state=question.state.value,
            answer=self._answer(question),
            points=NOTHING if points is None else words.points(points),
            weight=words.number(question.weight),
            share=NOTHING if share is None else words.percent(share),
            remarks=tuple((label, said) for label, said in remarks if said),
            opinions=self.opinions.on_question(question.key),
        )

    def _answer(self, question: QuestionProfile) -> str:
        answer = self.sheet.answers.get(question.key, Answer())
        defined = self.framework.question(question.key)
        return answer_or_state(
            self.words, defined, self.texts.questions[question.key], question.state, answer
        )

    def _highlights(self, found: Iterable[HighlightProfile]) -> tuple[Highlight, ...]:
        questions = {question.key: question for area in self.profile.areas for question in area.questions}
        return tuple(
            Highlight(
                area_anchor(highlight.area),
                self.texts.areas[highlight.area].title,
                f"{self.words.points(highlight.points)} {unit_of(self.words, highlight.points)}",
                tuple(
                    QuestionAnswer(self.texts.questions[key].text, self._answer(questions[key]))
                    for key in highlight.questions
                ),
            )
            for highlight in found
        )

    def _asked_areas(self) -> list[AreaProfile]:
        return [area for area in self.profile.areas if area.state is not AreaState.NOT_ASKED]

    def _title(self, area: AreaProfile) -> str:
        return area_title(self.words, self.texts, area)

    def _titles(self, keys: Iterable[str]) -> list[str]:
        return [self.texts.areas[key].title for key in keys]

    def _areas_sentence(self, rows: list["_Row"]) -> str:
        words = self.words
        scored = {row.label: display_points(row.score.points) for row in rows if row.score.points is not None}
        sentences = []
        if len(set(scored.values())) > 1:
            highest, lowest = max(scored.values()), min(scored.values())
            sentences.append(
                words.gettext("Highest: %(highest)s. Lowest: %(lowest)s.")
                % {"highest": _named(words, scored, highest), "lowest": _named(words, scored, lowest)}
            )
        sentences += self._class_sentences(rows)
        without = [row.label for row in rows if row.state is AreaState.NOT_ENOUGH]
        if without:
            sentences.append(
                words.gettext("Not enough answers for a score: %(areas)s.") % {"areas": words.listed(without)}
            )
        left_out = [row.label for row in rows if row.state is AreaState.NOT_FILLED]
        if left_out:
            sentences.append(
                words.gettext("Left out by the city: %(areas)s.") % {"areas": words.listed(left_out)}
            )
        return " ".join(sentences)

    def _class_sentences(self, rows: list["_Row"]) -> list[str]:
        comparison = self.profile.comparison
        if comparison is None:
            return []
        words = self.words
        cities = words.ngettext("%(n)s city", "%(n)s cities", comparison.cities) % {"n": comparison.cities}
        if self.class_name:
            cities = f"{cities} ({self.class_name})"
        sentences = [words.gettext("The class: %(cities)s.") % {"cities": cities}]
        signs = [
            display_points(row.score.points) - display_points(row.similar.median)
            for row in rows
            if row.score.points is not None and row.similar is not None
        ]
        if signs:
            sentences.append(
                words.gettext(
                    "Comparable scores above the median of the class: %(above)s; below it: %(below)s; "
                    "at it: %(at)s."
                )
                % {
                    "above": sum(sign > 0 for sign in signs),
                    "below": sum(sign < 0 for sign in signs),
                    "at": signs.count(0),
                }
            )
        else:
            sentences.append(
                words.gettext("Ranges are shown only where at least %(minimum)s cities have a score.")
                % {"minimum": comparison.minimum}
            )
        return sentences

    def _dot_plot(self, name: str, title: str, sentence: str, rows: list["_Row"]) -> Chart:
        words = self.words
        drawn = tuple(row.drawn(words) for row in rows if row.has_bands)
        year = self.profile.movement.previous_year if self.profile.movement else ""
        named = {
            "score": (words.gettext("score"), any(row.points is not None for row in drawn)),
            "likely": (words.gettext("80% band"), any(row.likely for row in drawn)),
            "outer": (words.gettext("outer band"), any(row.outer for row in drawn)),
            "class": (words.gettext("class: range and median"), any(row.class_range for row in drawn)),
            "previous": (
                words.gettext("score in %(year)s") % {"year": year},
                any(row.previous is not None for row in drawn),
            ),
        }
        return Chart(
            name=name,
            title=title,
            description=" ".join(
                [
                    words.gettext("%(title)s on a scale of 0 to 100 points.") % {"title": title},
                    sentence,
                    words.gettext("The table holds all figures of the chart."),
                ]
            ),
            sentence=sentence,
            drawing=DotPlot(drawn, tuple((mark, label) for mark, (label, there) in named.items() if there)),
            table=self._scores_table(title, rows),
        )

    def _scores_table(self, title: str, rows: list["_Row"]) -> Table:
        words, comparison, movement = self.words, self.profile.comparison, self.profile.movement
        columns = {
            words.gettext("Area"): [row.label for row in rows],
            words.gettext("Points"): [points_or_state(words, row.state, row.score.points) for row in rows],
            words.gettext("Coverage"): [coverage_in_figures(words, row.score) for row in rows],
            words.gettext("80% band"): [
                band_in_figures(words, row.score.likely_band if row.has_bands else None) for row in rows
            ],
            words.gettext("Outer band"): [
                band_in_figures(words, row.score.outer_band if row.has_bands else None) for row in rows
            ],
        }
        if comparison:
            few = words.gettext("fewer than %(minimum)s") % {"minimum": comparison.minimum}
            columns[words.gettext("Cities in the class")] = [
                few if row.similar is None else str(row.similar.n) for row in rows
            ]
            columns[words.gettext("Median of the class")] = [
                NOTHING if row.similar is None else words.points(row.similar.median) for row in rows
            ]
            columns[words.gettext("Range of the class")] = [
                band_in_figures(
                    words, Interval(low=row.similar.low, high=row.similar.high) if row.similar else None
                )
                for row in rows
            ]
        if movement:
            columns[words.gettext("Points in %(year)s") % {"year": movement.previous_year}] = [
                NOTHING if row.previous is None else words.points(row.previous) for row in rows
            ]
        return Table(title, tuple(columns), tuple(zip(*columns.values(), strict=True)))


@dataclass(frozen=True)
class _Row:
    """A score as it stands in a table and a drawing."""

    label: str
    inside: bool
    state: AreaState
    score: Score
    similar: ClassRange | None
    previous: float | None

    @property
    def has_bands(self) -> bool:
        """An area that the city left out could have any score: that says nothing."""
        return self.state in (AreaState.SCORED, AreaState.NOT_ENOUGH)

    def drawn(self, words: Wording) -> DotRow:
        score, similar = self.score, self.similar
        return DotRow(
            label=self.label,
            inside=self.inside,
            figure=points_or_state(words, self.state, score.points),
            points=score.points,
            outer=_ends(score.outer_band),
            likely=_ends(score.likely_band) if score.points is not None else None,
            class_range=(similar.low, similar.median, similar.high) if similar else None,
            previous=self.previous,
        )


def _ends(band: Interval | None) -> tuple[float, float] | None:
    """None where there is no width to draw."""
    return None if band is None or band.low == band.high else (band.low, band.high)


def _named(words: Wording, points: Mapping[str, int], wanted: int) -> str:
    labels = words.listed([label for label, shown in points.items() if shown == wanted])
    return f"{labels} ({wanted})"
