import re
from datetime import UTC, timedelta

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import timezone, translation

SCORE = {"label": "Overall", "score": 62.5, "low": 37.5, "high": 87.5, "coverage": 0.5}


def score(**changed) -> str:
    return render_to_string("web/components/_score.html", {**SCORE, **changed})


def test_a_score_is_rounded_half_away_from_zero_for_display_only():
    shown = score()
    assert '<span class="t-score__number">63</span>' in shown
    assert "50% of the weight was answered. With all answers it would lie between 38 and 88." in shown
    assert 'cx="62.5%"' in shown


def test_a_drawing_keeps_its_decimal_points_in_a_language_with_commas():
    with translation.override("lv"):
        shown = score()
    assert 'cx="62.5%"' in shown
    assert "Atbildēts uz 50\u00a0% no svara." in shown


def test_a_missing_score_is_said_in_words_and_its_band_is_shown():
    shown = score(score=None, coverage=0.25)
    assert "Not enough answers for a score" in shown
    assert "t-score__point" not in shown
    assert 'x1="37.5%"' in shown


def test_a_score_of_zero_is_a_score():
    assert '<span class="t-score__number">0</span>' in score(score=0.0)


def test_a_full_answer_has_no_band_in_words():
    assert "Every question that applies was answered." in score(coverage=1.0)


TABLE = {
    "caption": "Points",
    "columns": [{"label": "Area", "kind": "text"}, {"label": "Points", "kind": "number"}],
    "rows": [[{"text": "Education", "url": "/e/"}, {"text": "54"}], [{"text": "Media"}, {"text": ""}]],
}


def test_a_table_names_its_columns_in_every_cell_for_narrow_screens():
    shown = render_to_string("web/components/_data_table.html", {"table": TABLE})
    assert '<td role="cell" data-kind="number" data-label="Points"><span>54</span></td>' in shown
    assert '<th role="rowheader" scope="row"><a href="/e/">Education</a></th>' in shown
    assert '<span class="t-table__nothing">not known</span>' in shown


def test_a_row_that_does_not_fit_its_columns_is_an_error():
    crooked = {**TABLE, "rows": [[{"text": "Education"}]]}
    with pytest.raises(ValueError, match="shorter"):
        render_to_string("web/components/_data_table.html", {"table": crooked})


def test_a_fact_without_a_value_is_not_known():
    shown = render_to_string(
        "web/components/_summary_list.html", {"rows": [{"term": "Inhabitants", "value": ""}]}
    )
    assert '<span class="t-summary__unknown">not known</span>' in shown


def test_a_fact_that_can_be_changed_says_which_one_its_link_changes():
    rows = [{"term": "Name", "value": "Ilze", "change": {"label": "Change", "url": "/name/"}}]
    shown = render_to_string("web/components/_summary_list.html", {"rows": rows})
    assert '<a href="/name/">Change<span class="ds-sr-only">: Name</span></a>' in shown


def test_what_can_be_done_with_a_row_names_the_row_for_those_who_hear_the_links_alone():
    columns = [{"label": label, "kind": "text"} for label in ("Name", "State", "What you can do")]
    row = [
        {"text": "Ilze"},
        {"tag": {"label": "Invited", "color": "info"}},
        {"acts": [{"label": "End role", "url": "/end/"}]},
    ]
    table = {"caption": "People", "columns": columns, "rows": [row]}
    shown = render_to_string("web/components/_data_table.html", {"table": table})
    assert '<a href="/end/">End role<span class="ds-sr-only">: Ilze</span></a>' in shown
    assert '<span class="ds-tag" data-color="info">Invited</span>' in shown
    assert "not known" not in shown


def test_a_task_is_described_by_its_hint_and_its_state_and_has_no_link_before_it_can_begin():
    tasks = [
        {"title": "Declare", "url": "/ties/", "hint": "Once a year.", "state": "To do", "color": "accent"},
        {"title": "Check", "state": "Cannot begin yet", "color": ""},
    ]
    shown = render_to_string("web/components/_task_list.html", {"id": "next", "tasks": tasks})
    assert 'href="/ties/" aria-describedby="next-1-hint next-1-state">Declare</a>' in shown
    assert 'id="next-1-hint">Once a year.' in shown
    assert 'id="next-1-state"><span class="ds-tag" data-color="accent">To do</span>' in shown
    assert '<span class="t-tasks__name">Check</span>' in shown


def test_a_task_says_who_does_it_and_how_far_it_is():
    tasks = [
        {
            "title": "Education",
            "url": "/education/",
            "owner": "Andris",
            "progress": {"answered": 12, "total": 20},
            "state": "Begun",
            "color": "info",
        }
    ]
    shown = render_to_string("web/components/_task_list.html", {"id": "next", "tasks": tasks})
    assert 'aria-describedby="next-1-owner next-1-progress next-1-state">Education</a>' in shown
    assert 'id="next-1-owner">Who does it: Andris</p>' in shown
    assert 'id="next-1-progress"><div class="t-progress">' in shown


def test_progress_is_said_in_words_and_its_bar_keeps_plain_figures_in_every_language():
    with translation.override("de"):
        shown = render_to_string("web/components/_progress.html", {"answered": 1200, "total": 2000})
    assert '<progress class="t-progress__bar" value="1200" max="2000" aria-hidden="true">' in shown
    shown = render_to_string("web/components/_progress.html", {"answered": 12, "total": 20})
    assert '<p class="t-progress__words">12 of 20 answered</p>' in shown


def test_a_save_of_today_is_told_by_the_clock_of_the_site_and_an_older_one_with_its_day():
    with timezone.override("Europe/Riga"):
        today = timezone.localtime().replace(hour=14, minute=2)
        saved = render_to_string("web/components/_saved.html", {"saved_at": today.astimezone(UTC)})
        assert saved.strip() == "Saved 14:02"
        older = render_to_string("web/components/_saved.html", {"saved_at": today - timedelta(days=400)})
    assert re.fullmatch(r"Saved on \d{1,2} [A-Z][a-z]+ \d{4}, 14:02", older.strip())


def test_the_state_of_saving_is_a_live_region_and_has_words_for_all_that_the_script_says():
    shown = render_to_string("web/components/_save_state.html", {"saved_at": None})
    assert '<p role="status" data-save-state></p>' in shown
    words = dict(re.findall(r'<template data-save="(\w+)">([^<]+)</template>', shown))
    assert list(words) == ["saving", "offline", "fault", "conflict", "closed"]
    assert words["offline"] == "Not saved: no connection. We try again."


def test_nobody_is_named_where_nobody_else_is():
    shown = render_to_string("web/components/_who_is_here.html", {"names": ["Andris", "Dace"]})
    assert "Also here now: Andris, Dace" in shown
    assert "hx-get" not in shown
    alone = render_to_string("web/components/_who_is_here.html", {"names": [], "url": "/here/"})
    assert "Also here now" not in alone
    assert 'hx-get="/here/" hx-trigger="every 30s"' in alone


def test_two_versions_stand_beside_each_other_each_with_its_button():
    sides = [
        {"title": "What you wrote", "text": "<b>\nB", "name": "keep", "value": "own", "label": "Keep yours"},
        {"title": "What Ilze saved", "text": "", "name": "keep", "value": "other", "label": "Keep Ilze's"},
    ]
    shown = render_to_string(
        "web/components/_compare_texts.html", {"id": "two", "title": "T", "text": "t", "sides": sides}
    )
    assert '<div class="t-compare__text" dir="auto">&lt;b&gt;<br>B</div>' in shown
    assert '<p class="t-compare__nothing">nothing</p>' in shown
    assert 'name="keep" value="own">Keep yours</button>' in shown
    assert 'name="keep" value="other">Keep Ilze&#x27;s</button>' in shown
    assert 'role="group" aria-labelledby="two-2">' in shown
    assert '<p class="t-compare__title" id="two-2">What Ilze saved</p>' in shown


class Choice(forms.Form):
    """Which of two answers stands."""

    desk = forms.ChoiceField(choices=[("a", "Keep"), ("b", "Take")], widget=forms.RadioSelect)


@pytest.mark.parametrize(("data", "is_wrong"), [({"desk": "b"}, False), ({}, True)], ids=["chosen", "not"])
def test_a_difference_shows_both_answers_and_its_choice_is_named_by_the_question(data, is_wrong):
    difference = {
        "title": "Is there a desk?",
        "url": "/desk/",
        "state": "New",
        "color": "info",
        "now": "",
        "returned": "Yes\nTwo",
        "field": Choice(data)["desk"],
    }
    shown = render_to_string(
        "web/components/_difference_table.html", {"caption": "C", "differences": [difference]}
    )
    assert '<span class="t-table__nothing">no answer</span>' in shown
    assert '<div class="t-differences__answer" dir="auto">Yes<br>Two</div>' in shown
    assert '<legend class="ds-sr-only">Is there a desk?</legend>' in shown
    assert ('checked><label class="ds-label" for="id_desk_1">Take</label>' in shown) is not is_wrong
    assert ("“Desk” has no answer. Choose one." in shown) is is_wrong
    assert ('aria-describedby="id_desk_error"' in shown) is is_wrong


def test_a_step_says_its_state_in_words_and_a_hidden_one_has_no_link():
    steps = [
        {"title": "One", "url": "/1/", "state": "answered", "is_current": False},
        {"title": "Two", "url": "/2/", "state": "open", "is_current": True},
        {"title": "Three", "url": "/3/", "state": "not-applicable", "is_current": False},
        {"title": "Four", "state": "hidden", "is_current": False},
    ]
    shown = render_to_string("web/components/_question_steps.html", {"label": "Questions", "steps": steps})
    assert re.findall(r'state="([\w-]+)">.*?</(?:a|span)>\s*<p class="t-steps__state">([^<]+)', shown) == [
        ("answered", "Answered"),
        ("open", "Not answered"),
        ("not-applicable", "Does not apply"),
        ("hidden", "Hidden by an earlier answer"),
    ]
    assert re.findall(r'href="([^"]+)" aria-current="page"', shown) == ["/2/"]
    assert '<span class="t-steps__name">Four</span>' in shown


def test_a_file_says_its_kind_its_size_and_whether_it_was_checked():
    files = [
        {"name": "plan.pdf", "url": "/1/", "kind": "PDF", "size": 1_843_200, "is_scanned": True},
        {
            "name": "note.docx",
            "url": "/2/",
            "kind": "DOCX",
            "size": 2048,
            "is_scanned": False,
            "note": "Page 12.",
            "acts": [{"label": "Take away", "url": "/away/"}],
        },
    ]
    shown = render_to_string("web/components/_file_list.html", {"files": files}).replace("\xa0", " ")
    assert '<a href="/1/"><bdi>plan.pdf</bdi></a>' in shown
    assert re.findall(r'facts">([^<]+)', shown) == [
        "PDF · 1.8 MB · checked for viruses",
        "DOCX · 2.0 KB · not checked for viruses",
    ]
    assert '<a href="/away/">Take away<span class="ds-sr-only">: note.docx</span></a>' in shown


def test_a_receipt_says_what_was_sent_and_what_happens_next_in_order():
    context = {
        "id": "receipt",
        "title": "Receipt",
        "facts": [{"term": "Sent by", "value": "Ilze"}],
        "next": ["Two experts read it.", "You get an e-mail."],
    }
    shown = render_to_string("web/components/_receipt.html", context)
    assert '<section class="t-receipt" aria-labelledby="receipt">' in shown
    assert '<dd class="t-summary__value">Ilze</dd>' in shown
    assert re.findall(r"<li>([^<]+)</li>", shown) == context["next"]


def test_a_button_that_cannot_be_undone_looks_so_and_the_way_out_is_a_link():
    shown = render_to_string(
        "web/components/_buttons.html", {"label": "End role", "color": "danger", "back": "/people/"}
    )
    assert '<button class="ds-button" type="submit" data-color="danger">End role</button>' in shown
    assert 'href="/people/">Cancel</a>' in shown


def test_what_people_wrote_is_shown_as_text():
    shown = render_to_string(
        "web/components/_notice.html", {"kind": "info", "title": "<script>", "text": "a & b"}
    )
    assert "<script>" not in shown
    assert "a &amp; b" in shown


def test_every_component_stands_on_the_design_page(rf):
    from tessera.web.views import design

    response = design(rf.get("/en/design/"))
    page = response.content.decode()
    for mark in (
        "t-heading",
        "ds-breadcrumbs",
        "t-tile",
        "t-score",
        "t-chart",
        "t-table",
        "t-summary",
        "ds-tag",
        "t-notice",
        "t-sections-nav",
        "t-downloads",
        "t-empty",
        "t-definitions",
        "t-mosaic",
        "t-form",
        "t-buttons",
        "t-work-bar",
        "t-messages",
        "t-tasks",
        "t-progress",
        "t-save",
        "t-here",
        "t-steps",
        "t-compare",
        "t-table t-table--stack t-differences",
        "t-files",
        "t-receipt",
        "ds-error-summary",
    ):
        assert f'class="{mark}' in page, mark
