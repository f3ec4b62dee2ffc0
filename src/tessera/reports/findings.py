"""What experts conclude from a city's answers, in words, with what each finding rests on."""

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.expert_words import ExpertWords, Finding, FindingKind, TranslatedText
from tessera.frameworks.profile import AreaState, Profile, QuestionProfile
from tessera.frameworks.schema import Framework, Texts
from tessera.reports.anchors import area_anchor, question_anchor
from tessera.reports.answer_words import answer_or_state
from tessera.reports.parts import AnswerBasis, AreaBasis, FindingLabels, Findings, FindingText, WrittenText
from tessera.reports.wording import Wording


def build_findings(
    words: Wording,
    framework: Framework,
    texts: Texts,
    sheet: AnswerSheet,
    profile: Profile,
    said: ExpertWords,
) -> Findings | None:
    """The findings in their order; None where there are none."""
    if not said.findings:
        return None
    writing = _Writing(words, framework, texts, sheet, profile)
    return Findings(
        heading=words.gettext("Findings"),
        intro=words.gettext("What the experts conclude from the answers, the most urgent first."),
        labels=FindingLabels(
            words.gettext("Suggested next step"), words.gettext("Rests on"), words.gettext("Evidence")
        ),
        items=tuple(writing.finding(place, finding) for place, finding in enumerate(said.findings, start=1)),
    )


class _Writing:
    def __init__(
        self, words: Wording, framework: Framework, texts: Texts, sheet: AnswerSheet, profile: Profile
    ) -> None:
        self._words, self._framework, self._texts, self._sheet = words, framework, texts, sheet
        self._areas = {area.key for area in profile.areas if area.state is not AreaState.NOT_ASKED}
        self._questions: dict[str, QuestionProfile] = {
            question.key: question for area in profile.areas for question in area.questions
        }

    def finding(self, place: int, finding: Finding) -> FindingText:
        words = self._words
        return FindingText(
            kind=finding.kind.value,
            heading=f"{place}. {self._kind(finding.kind)}",
            text=self._written(finding.text),
            next_step=self._written(finding.next_step) if finding.next_step else None,
            areas=tuple(
                AreaBasis(self._texts.areas[key].title, area_anchor(key) if key in self._areas else "")
                for key in finding.areas
            ),
            answers=tuple(self._answer(key) for key in finding.questions),
            evidence=finding.evidence,
            kept_evidence=words.ngettext(
                "%(n)s piece of evidence that the city keeps to itself",
                "%(n)s pieces of evidence that the city keeps to itself",
                finding.kept_evidence,
            )
            % {"n": finding.kept_evidence}
            if finding.kept_evidence
            else "",
        )

    def _kind(self, kind: FindingKind) -> str:
        pgettext = self._words.pgettext
        label = {
            FindingKind.STRENGTH: pgettext("kind of finding", "strength"),
            FindingKind.GAP: pgettext("kind of finding", "gap"),
            FindingKind.PRIORITY: pgettext("kind of finding", "priority"),
        }[kind]
        return label[:1].upper() + label[1:]

    def _written(self, text: TranslatedText) -> WrittenText:
        language = text.shown_in(self._words.language)
        return WrittenText(text.texts[language], "" if language == self._words.language else language)

    def _answer(self, key: str) -> AnswerBasis:
        asked, text = self._questions.get(key), self._texts.questions[key]
        if asked is None:
            return AnswerBasis(text.text, "", "")
        answer = self._sheet.answers.get(key, Answer())
        said = answer_or_state(self._words, self._framework.question(key), text, asked.state, answer)
        return AnswerBasis(text.text, said, question_anchor(key))
