"""What experts hold of single answers, in words, and what the scores would be with their answers.

The scores of a report stay those of the city's answers. What they would be otherwise is read beside them.
"""

from functools import cached_property
from math import isnan, nan

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.expert_words import ExpertWords, Opinion, Sureness, with_opinions
from tessera.frameworks.profile import AreaState, Profile, Score
from tessera.frameworks.schema import Framework, Texts
from tessera.frameworks.scores.reading import OVERALL, Reading, read_answers
from tessera.reports.answer_words import answer_in_words, points_or_state, unit_of
from tessera.reports.parts import OpinionText
from tessera.reports.wording import Wording


class OpinionWriting:
    """The opinions on the answers of a sheet, put into words.

    Parameters
    ----------
    words : Wording
    framework : Framework
    texts : Texts
        Those of the framework, in the report's language or in its own.
    sheet : AnswerSheet
        The city's answers.
    profile : Profile
        The profile of that sheet.
    said : ExpertWords
        Empty where nobody judged the answers.
    """

    def __init__(
        self,
        words: Wording,
        framework: Framework,
        texts: Texts,
        sheet: AnswerSheet,
        profile: Profile,
        said: ExpertWords,
    ) -> None:
        self._words, self._framework, self._texts = words, framework, texts
        self._sheet, self._profile, self._said = sheet, profile, said

    @cached_property
    def _judged(self) -> dict[str, list[Opinion]]:
        found: dict[str, list[Opinion]] = {}
        for opinion in self._said.opinions:
            found.setdefault(opinion.question, []).append(opinion)
        return found

    @cached_property
    def _changed(self) -> AnswerSheet:
        return with_opinions(self._sheet, self._said)

    @cached_property
    def _others(self) -> frozenset[str]:
        """The questions to which the experts hold another answer right."""
        return frozenset(
            key
            for key in self._judged
            if self._changed.answers.get(key, Answer()) != self._sheet.answers.get(key, Answer())
        )

    @cached_property
    def _with_experts(self) -> Reading:
        # The points of a profile without its bands, which nobody reads here and which take a hundred times
        # as long.
        return read_answers(self._framework, self._changed)

    @property
    def changes_scores(self) -> bool:
        """Whether there is at least one answer that the experts hold to be another."""
        return bool(self._others)

    def on_question(self, key: str) -> tuple[OpinionText, ...]:
        """The opinions on an answer; none where all of them only accept it, and say no more."""
        opinions = self._judged.get(key, [])
        if all(opinion.answer is None for opinion in opinions):
            opinions = [opinion for opinion in opinions if opinion.reason]
        return tuple(self._opinion(opinion) for opinion in opinions)

    def summary(self) -> str:
        """On how many answers the experts gave an opinion, and what all of it comes to; empty for none."""
        if not self._judged:
            return ""
        words = self._words
        held = self._said.held_right(self._sheet)
        differ = sum(answer is None for answer in held.values())
        sentences = [
            words.ngettext(
                "%(experts)s gave an opinion on %(n)s answer.",
                "%(experts)s gave an opinion on %(n)s answers.",
                len(held),
            )
            % {"experts": words.listed(self._said.experts), "n": len(held)},
            words.gettext(
                "Accepted as the city gave it: %(accepted)s. Another answer held right: %(others)s."
            )
            % {"accepted": len(held) - len(self._others) - differ, "others": len(self._others)},
        ]
        if differ:
            sentences.append(words.gettext("The experts differ on: %(n)s.") % {"n": differ})
        if any(self.on_question(key) for key in self._judged):
            sentences.append(
                words.gettext(
                    "An opinion stands beside the answer where it gives a reason or holds another answer "
                    "right."
                )
            )
        if self._others:
            sentences.append(
                words.gettext(
                    "The scores are those of the city's answers. What they would be with the experts' "
                    "answers is said beside them."
                )
            )
        return " ".join(sentences)

    def beside_overall(self, name: str) -> str:
        """What an overall score would be with the experts' answers; empty where none of these is another."""
        if not self._others:
            return ""
        assessed = self._with_experts.overalls.get(name)
        points = assessed.result.scores[OVERALL] if assessed else nan
        return self._beside(points, AreaState.NOT_ENOUGH, self._profile.overall[name], AreaState.NOT_ENOUGH)

    def beside_area(self, key: str) -> str:
        """As `beside_overall`, of an area; empty where the experts hold no other answer of it right."""
        area = self._framework.area(key)
        if not any(
            question.key in self._others for part in area.plain_areas() for question in part.questions
        ):
            return ""
        changed, given = self._with_experts, self._profile.area(key)
        return self._beside(changed.area_points(key), changed.area_state(key), given.score, given.state)

    def _beside(self, points: float, state: AreaState, given: Score, given_state: AreaState) -> str:
        """`points` is NaN without a score, and `state` then says why; `given` is the city's."""
        words = self._words
        city = points_or_state(words, given_state, given.points)
        if isnan(points):
            return words.gettext(
                "With the experts' answers there would be no score: %(state)s (the city's: %(city)s)."
            ) % {"state": points_or_state(words, state, None), "city": city}
        return words.gettext(
            "With the experts' answers the score would be %(experts)s %(unit)s (the city's: %(city)s)."
        ) % {"experts": words.points(points), "unit": unit_of(words, points), "city": city}

    def _opinion(self, opinion: Opinion) -> OpinionText:
        words = self._words
        by = (
            words.gettext("Joint opinion: %(experts)s")
            if opinion.is_joint
            else words.gettext("Opinion: %(experts)s")
        )
        return OpinionText(
            by=by % {"experts": words.listed(opinion.experts)},
            held=self._held(opinion),
            sureness=self._sureness(opinion.sureness) if opinion.sureness else "",
            reason=opinion.reason,
        )

    def _held(self, opinion: Opinion) -> str:
        words, answer = self._words, opinion.answer
        if answer is None:
            return words.gettext("Accepts the city's answer.")
        if answer.value is None:
            return words.gettext("Holds that the question does not apply.")
        question, text = self._framework.question(opinion.question), self._texts.questions[opinion.question]
        return words.gettext("Holds another answer right: %(answer)s") % {
            "answer": answer_in_words(words, question, text, answer.value)
        }

    def _sureness(self, sureness: Sureness) -> str:
        pgettext = self._words.pgettext
        return {
            Sureness.LOW: pgettext("how sure an expert is", "rather unsure"),
            Sureness.MEDIUM: pgettext("how sure an expert is", "fairly sure"),
            Sureness.HIGH: pgettext("how sure an expert is", "sure"),
        }[sureness]
