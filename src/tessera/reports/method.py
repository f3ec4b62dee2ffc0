"""How the figures of a review came about, and from what exactly."""

from tessera.frameworks.profile import AreaState, Profile
from tessera.frameworks.schema import Framework, Pathway, Texts
from tessera.reports.answer_words import area_title
from tessera.reports.parts import Method, Table
from tessera.reports.wording import Wording


def build_method(
    words: Wording, framework: Framework, texts: Texts, profile: Profile, *, says_with_experts: bool
) -> Method:
    """The rules in plain words, all weights of the areas, versions and hashes.

    `says_with_experts` tells whether the report says what scores would be with the experts' answers.
    """
    return Method(
        heading=words.gettext("Method"),
        paragraphs=_rules(words, profile, says_with_experts=says_with_experts),
        weights=_weights(words, texts, profile),
        origin_heading=words.gettext("Where the figures come from"),
        origin=_origin(words, framework, texts, profile),
    )


def _rules(words: Wording, profile: Profile, *, says_with_experts: bool) -> tuple[tuple[str, str], ...]:
    gettext = words.gettext
    rules = [
        (
            gettext("Score"),
            gettext(
                "An answer gets 0 to 100 points: what it reaches of what it can reach. An area's score is "
                "the mean of its "
                "questions by their weights. The overall score is the mean of the areas by their weights."
            ),
        ),
        (
            gettext("Coverage"),
            gettext(
                "Missing is never zero. A question without an answer stays out of the mean and lowers the "
                "coverage: the "
                "share of the weight that applies and was answered. A question that does not apply, with a "
                "reason, counts "
                "in neither."
            ),
        ),
        (
            gettext("Not enough answers"),
            gettext(
                "With a coverage under %(minimum)s there is no score. An area without a score stays out of "
                "the mean above "
                "it, is named there, and lowers its coverage."
            )
            % {"minimum": words.percent(profile.min_coverage)},
        ),
        (
            gettext("Outer band"),
            gettext("From the lowest to the highest score over all ways to answer what is missing."),
        ),
        (
            gettext("80% band"),
            gettext(
                "Where the score lies in 8 of 10 cases when each missing answer is drawn by chance: from "
                "the answers of the "
                "class where at least 5 of its cities answered the question, else evenly from the options."
            ),
        ),
    ]
    if profile.comparison:
        rules.append(
            (
                gettext("Class"),
                gettext(
                    "A group of similar cities. Its range and median are shown only where at least "
                    "%(minimum)s of them have "
                    "a score. It is no ranking."
                )
                % {"minimum": profile.comparison.minimum},
            )
        )
        if profile.comparison.left_out:
            rules.append(
                (
                    gettext("Left out of the class"),
                    gettext("These answered another questionnaire, version or set of questions: %(cities)s.")
                    % {"cities": words.listed(profile.comparison.left_out)},
                )
            )
    if says_with_experts:
        rules.append(
            (
                gettext("With the experts' answers"),
                gettext(
                    "What a score would be if the answers that the experts hold right stood in place of the "
                    "city's. What two hold together counts before what each of them holds. Where they "
                    "differ, the city's answer stays. It changes no score."
                ),
            )
        )
    rules.append(
        (
            gettext("Rounding"),
            gettext(
                "Only for display: half away from zero, to whole points; what parts add to a sum, to "
                "tenths, so that they "
                "add up. The file profile.json holds every figure in full."
            ),
        )
    )
    return tuple(rules)


def _weights(words: Wording, texts: Texts, profile: Profile) -> Table:
    asked = [area for area in profile.areas if area.state is not AreaState.NOT_ASKED]
    return Table(
        caption=words.gettext("Weights of the areas"),
        header=(
            words.gettext("Area"),
            words.gettext("Part of"),
            words.gettext("Questions asked"),
            words.gettext("Weight"),
        ),
        rows=tuple(
            (
                area_title(words, texts, area),
                texts.areas[area.parent].title if area.parent else words.gettext("the whole"),
                str(
                    len(area.questions)
                    + sum(len(part.questions) for part in asked if part.parent == area.key)
                ),
                words.number(area.weight),
            )
            for area in asked
        ),
        words=2,
    )


def _origin(
    words: Wording, framework: Framework, texts: Texts, profile: Profile
) -> tuple[tuple[str, str], ...]:
    gettext = words.gettext
    pathways = {
        Pathway.CORE: gettext("core pathway (the short one)"),
        Pathway.FULL: gettext("full pathway"),
    }
    origin = [
        (
            gettext("Questionnaire"),
            gettext("%(title)s, version %(version)s, %(pathway)s")
            % {"title": texts.title, "version": profile.version, "pathway": pathways[profile.pathway]},
        ),
    ]
    if not texts.native_review:
        origin.append((gettext("Wording"), gettext("Not yet reviewed by a native reader.")))
    origin += [
        (gettext("Definition of the questionnaire (SHA-256)"), profile.hashes.framework),
        (gettext("Rules of scoring (SHA-256)"), profile.hashes.scheme),
        (gettext("Answers (SHA-256)"), profile.hashes.answers),
    ]
    if profile.movement:
        origin.append(
            (
                gettext("Answers of %(year)s (SHA-256)") % {"year": profile.movement.previous_year},
                profile.movement.previous_answers_hash,
            )
        )
    origin.append((gettext("Computed by"), gettext("Tessera %(version)s") % {"version": profile.engine}))
    origin.append((gettext("Licence of the program"), "EUPL-1.2"))
    return tuple(origin)
