"""Findings and opinions in a report: what is said, and that the page and the paper say it alike."""

import io
import re
from dataclasses import replace

import pikepdf
import pytest
from tests.frameworks.small import question, sheet
from tests.reports.read_pdf import elements, without_blanks
from tests.reports.reviews import large_review
from tests.reports.test_pages import Page
from tests.reports.test_pdf import ReadPrint
from tests.reports.test_review_report import COURSES, PLAN, detail, plan_and_courses

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.expert_words import (
    ExpertWords,
    Finding,
    FindingKind,
    Opinion,
    Sureness,
    TranslatedText,
    with_opinions,
)
from tessera.frameworks.schema import Framework
from tessera.frameworks.scoring import score_sheet
from tessera.reports.pages import render_html
from tessera.reports.parts import AnswerBasis, AreaBasis, OpinionText, ReviewReport, WrittenText
from tessera.reports.pdf import render_pdf
from tessera.reports.review import build_review_report
from tessera.reports.wording import display_points

HOSTILE = (
    '<script>alert("x")</script> #panic("x") #raw("y") $x$ @label *bold* _low_ '
    '\\ ` " ] } {{ report }} {% now %}'
)
BIDI = "\N{RIGHT-TO-LEFT OVERRIDE}gnihton\N{POP DIRECTIONAL FORMATTING}"


def written(
    text: str,
    *,
    next_step: str = "",
    kind: FindingKind = FindingKind.GAP,
    areas: tuple[str, ...] = (),
    questions: tuple[str, ...] = (),
    evidence: tuple[str, ...] = (),
    kept_evidence: int = 0,
) -> Finding:
    step = TranslatedText("en", {"en": next_step}) if next_step else None
    return Finding(kind, TranslatedText("en", {"en": text}), step, areas, questions, evidence, kept_evidence)


def opinion(
    answer: Answer | None = None, *, on: str = "plan", by: str = "Nuria", reason: str = "", sure: str = "high"
) -> Opinion:
    return Opinion(on, (by,), answer, reason, Sureness(sure))


def joint(answer: Answer | None, *, on: str = "plan", reason: str = "") -> Opinion:
    return Opinion(on, ("Nuria", "Piotr"), answer, reason, None)


def report_of(
    said: ExpertWords | None,
    answers: AnswerSheet | None = None,
    *,
    language: str = "en",
    made: Framework | None = None,
) -> ReviewReport:
    made, answers = made or plan_and_courses(), answers or sheet(plan="yes", courses="no")
    profile = score_sheet(made, answers)
    return build_review_report(made, answers, profile, language=language, expert_words=said)


def beside(report: ReviewReport) -> list[str]:
    """What is said beside the overall score, and beside each area."""
    return [report.overall[0].with_experts, *(part.with_experts for part in report.details.areas)]


# Findings


def test_without_words_of_experts_a_report_is_as_it_was() -> None:
    report = report_of(None)
    assert report == report_of(ExpertWords())
    assert report.findings is None
    assert "findings" not in dict(report.contents)
    assert report.details.opinions == ""
    assert beside(report) == ["", "", ""]
    assert "With the experts' answers" not in dict(report.method.paragraphs)
    assert 'id="findings"' not in render_html(report)


def test_findings_stand_after_the_whole_in_their_order_and_in_the_contents() -> None:
    said = ExpertWords(
        (
            written("Second to none.", kind=FindingKind.PRIORITY, areas=("policy",)),
            written("No courses.", kind=FindingKind.GAP, questions=("courses",)),
            written("A good plan.", kind=FindingKind.STRENGTH, questions=("plan",)),
        )
    )
    report = report_of(said)
    assert report.findings is not None
    assert [(item.heading, item.kind, item.text.text) for item in report.findings.items] == [
        ("1. Priority", "priority", "Second to none."),
        ("2. Gap", "gap", "No courses."),
        ("3. Strength", "strength", "A good plan."),
    ]
    assert [anchor for anchor, _ in report.contents][:3] == ["overall", "findings", "areas"]
    page = render_html(report)
    places = [
        page.index(f'<section class="t-section{more}" id="{anchor}"')
        for more, anchor in (("", "overall"), (" t-highlights", "findings"), ("", "areas"))
    ]
    assert places == sorted(places)


def test_a_finding_names_what_it_rests_on_and_leads_there() -> None:
    finding = written(
        "No courses.",
        next_step="Begin with two.",
        areas=("language",),
        questions=("plan", "courses"),
        evidence=("Plan 2023",),
        kept_evidence=2,
    )
    report = report_of(ExpertWords((finding,)))
    assert report.findings is not None
    item = report.findings.items[0]
    assert item.next_step == WrittenText("Begin with two.", "")
    assert item.areas == (AreaBasis("Language", "area-language"),)
    assert item.answers == (
        AnswerBasis(PLAN, "Yes", "question-plan"),
        AnswerBasis(COURSES, "No", "question-courses"),
    )
    assert item.evidence == ("Plan 2023",)
    assert item.kept_evidence == "2 pieces of evidence that the city keeps to itself"
    page = Page(render_html(report))
    targets = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    links = {(attrs["href"] or "")[1:] for tag, attrs in page.elements if tag == "a"}
    assert {"findings", "area-language", "question-plan", "question-courses"} <= links <= targets


def test_a_finding_on_what_the_review_did_not_ask_leads_nowhere() -> None:
    core = plan_and_courses()
    full_only = replace(core.areas[1].questions[0], pathway=type(core.areas[1].questions[0].pathway).FULL)
    made = replace(core, areas=(core.areas[0], replace(core.areas[1], questions=(full_only,))))
    answers = replace(sheet(plan="yes"), pathway=type(full_only.pathway).CORE)
    said = ExpertWords((written("Courses?", areas=("language",), questions=("courses",)),))
    report = report_of(said, answers, made=made)
    assert report.findings is not None
    assert report.findings.items[0].areas == (AreaBasis("Language", ""),)
    assert report.findings.items[0].answers == (AnswerBasis(COURSES, "", ""),)


def test_a_finding_is_shown_in_the_language_of_the_report_or_names_its_own() -> None:
    both = TranslatedText("lv", {"lv": "Nav kursu.", "en": "No courses."})
    said = ExpertWords(
        (
            replace(written("-", areas=("policy",)), text=both),
            replace(written("-", areas=("policy",)), text=TranslatedText("lv", {"lv": "Nav plāna."})),
        )
    )
    report = report_of(said)
    assert report.findings is not None
    assert [item.text for item in report.findings.items] == [
        WrittenText("No courses.", ""),
        WrittenText("Nav plāna.", "lv"),
    ]
    marked = [attrs for tag, attrs in Page(render_html(report)).elements if tag == "p" and "lang" in attrs]
    assert [attrs["lang"] for attrs in marked] == ["lv"]
    with pikepdf.open(io.BytesIO(render_pdf(report))) as pdf:
        languages = {
            str(found.Lang)
            for found in pdf.objects
            if isinstance(found, pikepdf.Dictionary) and "/Lang" in found
        }
    assert languages == {"en", "lv"}


# Opinions


def test_an_opinion_says_whose_it_is_what_is_held_how_sure_and_why() -> None:
    said = ExpertWords(
        opinions=(
            opinion(Answer("partly"), reason="A draft.", sure="medium"),
            opinion(None, by="Piotr", sure="low"),
            joint(Answer(not_applicable=True), reason="The state does it."),
        )
    )
    assert detail(report_of(said), "plan").opinions == (
        OpinionText("Opinion: Nuria", "Holds another answer right: Partly", "fairly sure", "A draft."),
        OpinionText("Opinion: Piotr", "Accepts the city's answer.", "rather unsure", ""),
        OpinionText(
            "Joint opinion: Nuria and Piotr",
            "Holds that the question does not apply.",
            "",
            "The state does it.",
        ),
    )


def test_opinions_that_only_accept_are_counted_and_not_repeated() -> None:
    said = ExpertWords(
        opinions=(opinion(), opinion(by="Piotr", reason="As in the protocol."), opinion(on="courses"))
    )
    report = report_of(said)
    assert [each.by for each in detail(report, "plan").opinions] == ["Opinion: Piotr"]
    assert detail(report, "courses").opinions == ()
    assert report.details.opinions == (
        "Nuria and Piotr gave an opinion on 2 answers. "
        "Accepted as the city gave it: 2. Another answer held right: 0. "
        "An opinion stands beside the answer where it gives a reason or holds another answer right."
    )


def test_the_head_of_the_details_counts_answers_and_not_opinions() -> None:
    """Three answers: both accept one, hold another one right together, and differ on the third."""
    made = plan_and_courses()
    asked = replace(made.areas[0], questions=(*made.areas[0].questions, question("budget")))
    texts = made.texts["en"]
    texts = replace(texts, questions={**texts.questions, "budget": texts.questions["plan"]})
    made = replace(made, areas=(asked, made.areas[1]), texts={"en": texts})
    said = ExpertWords(
        opinions=(
            opinion(),
            opinion(by="Piotr"),
            opinion(on="courses"),
            opinion(Answer("yes"), on="courses", by="Piotr", reason="Seen."),
            joint(Answer("partly"), on="courses", reason="Both."),
            opinion(on="budget"),
            opinion(Answer("no"), on="budget", by="Piotr", reason="None."),
        )
    )
    answers = sheet(plan="yes", courses="no", budget="yes")
    report = report_of(said, answers, made=made)
    assert report.details.opinions.startswith(
        "Nuria and Piotr gave an opinion on 3 answers. "
        "Accepted as the city gave it: 1. Another answer held right: 1. "
        "The experts differ on: 1."
    )
    # 75 and 50: of policy nothing changes, as they differ there; courses go from 0 to 50.
    assert beside(report) == [
        "With the experts' answers the score would be 75 points of 100 (the city's: 50).",
        "",
        "With the experts' answers the score would be 50 points of 100 (the city's: 0).",
    ]


# The scores with the experts' answers


def test_the_score_with_the_answers_of_experts_stands_beside_the_one_of_the_city() -> None:
    """By hand: plan 100 and courses 0 make 50; with plan at 50 it is 25."""
    report = report_of(ExpertWords(opinions=(opinion(Answer("partly"), reason="A draft."),)))
    assert beside(report) == [
        "With the experts' answers the score would be 25 points of 100 (the city's: 50).",
        "With the experts' answers the score would be 50 points of 100 (the city's: 100).",
        "",
    ]
    assert report.overall[0].score.figure == "50"
    assert "It changes no score." in dict(report.method.paragraphs)["With the experts' answers"]


def test_where_nothing_would_apply_there_would_be_no_score() -> None:
    report = report_of(ExpertWords(opinions=(opinion(Answer(not_applicable=True), reason="The state."),)))
    assert beside(report)[:2] == [
        "With the experts' answers the score would be 0 points of 100 (the city's: 50).",
        "With the experts' answers there would be no score: does not apply (the city's: 100).",
    ]


def test_beside_a_score_that_the_answers_of_the_city_do_not_give_its_absence_is_said() -> None:
    report = report_of(ExpertWords(opinions=(opinion(Answer("yes"), reason="Seen."),)), sheet(courses="no"))
    assert beside(report)[1] == (
        "With the experts' answers the score would be 100 points of 100 (the city's: not enough answers)."
    )


def test_an_answer_in_a_part_is_said_beside_its_composite_area_too() -> None:
    made, answers, _, profile = large_review()
    said = ExpertWords(opinions=(opinion(Answer("no"), on="education-0", reason="No."),))
    report = build_review_report(made, answers, profile, language="en", expert_words=said)
    told = [part.title for part in report.details.areas if part.with_experts]
    assert told == ["Intercultural lens", "Education"]


def test_what_is_said_beside_scores_is_what_the_answers_of_experts_score() -> None:
    made, answers, _, profile = large_review()
    said = ExpertWords(
        opinions=(
            opinion(Answer("no"), on="education-0", reason="No."),
            opinion(Answer("never"), on="language-1", reason="Never."),
            joint(Answer(not_applicable=True), on="commitment-2", reason="Not here."),
        )
    )
    changed = score_sheet(made, with_opinions(answers, said))
    report = build_review_report(made, answers, profile, language="en", expert_words=said)
    told = {part.anchor: part.with_experts for part in report.details.areas if part.with_experts}
    assert list(told) == ["area-commitment", "area-lens", "area-education", "area-language"]
    for anchor, sentence in [*told.items(), ("", report.overall[0].with_experts)]:
        score = changed.area(anchor.removeprefix("area-")).score if anchor else changed.overall["core"]
        assert score.points is not None
        assert f"would be {display_points(score.points)} points of 100" in sentence


# Page and paper


@pytest.fixture(scope="module")
def told() -> ReviewReport:
    made, answers, before, profile = large_review()
    said = ExpertWords(
        (
            written(
                f"Long ago. {HOSTILE}",
                next_step=f"Next: {HOSTILE}",
                areas=("lens",),
                evidence=(f"File {HOSTILE}",),
            ),
            written(
                "No plan.", kind=FindingKind.PRIORITY, questions=("commitment-2", "space-1"), kept_evidence=1
            ),
        ),
        (
            opinion(Answer("partly"), on="commitment-0", by=f"Nuria {HOSTILE}", reason=f"Why: {HOSTILE}"),
            joint(Answer("never"), on="language-1", reason="We both looked."),
        ),
    )
    return build_review_report(
        made, answers, profile, language="en", previous_sheet=before, expert_words=said
    )


def test_page_and_print_say_the_same_of_experts_and_nothing_of_it_acts_as_markup(
    told: ReviewReport, read_print: ReadPrint
) -> None:
    assert told.findings is not None
    said = [told.findings.intro, told.details.opinions, *filter(None, beside(told))]
    for item in told.findings.items:
        said += [item.heading, item.text.text, *item.evidence, *(basis.title for basis in item.areas)]
        said += [basis.question + basis.answer for basis in item.answers]
        said += [item.next_step.text] if item.next_step else []
        said += [item.kept_evidence] if item.kept_evidence else []
    for part in told.details.areas:
        for asked in part.questions:
            said += [text for each in asked.opinions for text in (each.by, each.held + each.reason)]
    html = render_html(told)
    page = Page(html)
    on_page, on_paper = without_blanks(page.text), without_blanks(read_print(render_pdf(told)))
    assert len(said) == 19
    for sentence in map(without_blanks, said):
        assert sentence in on_page
        assert sentence in on_paper
    assert "script" not in {tag for tag, _ in page.elements}


def test_print_tells_findings_as_headings_and_lists(told: ReviewReport) -> None:
    without = replace(told, findings=None)
    counts = []
    for report in (told, without):
        with pikepdf.open(io.BytesIO(render_pdf(report))) as pdf:
            root = pdf.Root.StructTreeRoot
            counts.append([len(list(elements(root, kind))) for kind in ("/H1", "/H2", "/L", "/LI")])
            with pdf.open_outline() as outline:
                assert [str(item.title) for item in outline.root] == [
                    heading for _, heading in report.contents
                ]
    # One section with two findings; each has a list, of two and of three things.
    assert [more - fewer for more, fewer in zip(*counts, strict=True)] == [1, 2, 2, 5]


def test_marks_of_direction_do_not_reach_beyond_what_they_were_written_in() -> None:
    said = ExpertWords(
        (written(BIDI, next_step=BIDI, areas=("policy",), evidence=(BIDI,)),),
        (opinion(Answer("no"), by=BIDI, reason=BIDI),),
    )
    report = report_of(said)
    html = render_html(report)
    parts = re.findall(r"<(\w+)([^>]*)>[^<]*" + BIDI, html)
    assert len(parts) >= 5
    for tag, attributes in parts:
        # A block ends them by itself.
        assert tag in ("bdi", "dt", "p") or 'dir="auto"' in attributes, (tag, attributes)
    assert b"%PDF" in render_pdf(report)[:8]


@pytest.mark.parametrize("language", ["en", "lv"])
def test_identifiers_are_used_once_and_links_have_their_targets(language: str) -> None:
    made, answers, _, profile = large_review()
    said = ExpertWords((written("No plan.", areas=("lens", "education"), questions=("commitment-2",)),))
    report = build_review_report(made, answers, profile, language=language, expert_words=said)
    page = Page(render_html(report))
    used = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(used) == len(set(used))
    assert {(attrs["href"] or "")[1:] for tag, attrs in page.elements if tag == "a"} <= set(used)
