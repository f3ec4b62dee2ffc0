import pytest
from django.template.loader import render_to_string
from django.utils import translation

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
    assert '<div id="next-1-state"><span class="ds-tag" data-color="accent">To do</span>' in shown
    assert '<span class="t-tasks__name">Check</span>' in shown


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
        "ds-error-summary",
    ):
        assert f'class="{mark}' in page, mark
