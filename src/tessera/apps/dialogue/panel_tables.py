"""The results of panels in words and tables, for pages in the site's languages."""

from typing import Any

from django.utils.translation import gettext, ngettext, pgettext

from tessera.apps.dialogue.lifecycle import PanelState
from tessera.apps.dialogue.models import Consultation, Panel
from tessera.apps.dialogue.panel_results import (
    DelphiItem,
    DelphiResults,
    DelphiRoundResults,
    MaxDiffResults,
    PanelResults,
    ScoredItem,
    read_public_results,
)
from tessera.apps.dialogue.staff_pages import mark_language
from tessera.apps.network.local_text import page_language
from tessera.engines.portfolio.delphi import Verdict
from tessera.reports.wording import Wording

VERDICT_COLORS = {Verdict.IN: "success", Verdict.OUT: "neutral", Verdict.OPEN: "warning"}


def show_public_panels(consultation: Consultation) -> list[dict[str, Any]]:
    """For `_panel_results.html`: the panels of which everybody can read the results, each in words.

    Six queries, whatever their number.
    """
    ended = consultation.panels.filter(state=PanelState.ENDED)
    read = ended.prefetch_related("items", "members", "rounds__ratings", "rounds__picks")
    panels = [(panel, read_public_results(panel)) for panel in read]
    return [word_results(panel, results) for panel, results in panels if results is not None]


def word_results(panel: Panel, results: PanelResults) -> dict[str, Any]:
    """The sentence, the rule and the tables of a panel."""
    wording = Wording(page_language())
    if isinstance(results, MaxDiffResults):
        return {
            "panel": panel,
            "sentence": _maxdiff_sentence(results, wording),
            "tables": [{"table": _maxdiff_table(results, wording), "notes": [_maxdiff_note()]}],
        }
    return {
        "panel": panel,
        "sentence": _delphi_sentence(results, wording),
        "rule": _rule(panel, wording),
        "tables": [
            {"table": _delphi_table(each, wording), "notes": _order_notes(each, wording)}
            for each in reversed(results.rounds)
        ],
    }


def _rule(panel: Panel, wording: Wording) -> str:
    least, opposed = wording.percent(panel.rule.least_share), wording.percent(panel.rule.opposed_below)
    return gettext(
        "The rule was fixed before the first round. In: at least %(least)s rate it 7 to 9, and fewer than "
        "%(opposed)s rate it 1 to 3. Out: the other way round. Open: neither."
    ) % {"least": least, "opposed": opposed}


def _delphi_sentence(results: DelphiResults, wording: Wording) -> str:
    last = results.last
    counted = gettext("%(included)s in, %(out)s out, %(open)s open.") % {
        "included": last.count(Verdict.IN),
        "out": last.count(Verdict.OUT),
        "open": last.count(Verdict.OPEN),
    }
    answered = ngettext(
        "Round %(number)s, closed on %(day)s: %(n)s member answered.",
        "Round %(number)s, closed on %(day)s: %(n)s members answered.",
        last.n_members,
    ) % {"number": last.number, "day": wording.day(last.closed_on), "n": last.n_members}
    return f"{answered} {counted}"


def _delphi_table(of_round: DelphiRoundResults, wording: Wording) -> dict[str, Any]:
    has_moved = any(item.moved is not None for item in of_round.items)
    columns = [
        (gettext("Item"), "text"),
        (pgettext("of a panel", "Verdict"), "text"),
        (gettext("Ratings"), "number"),
        (gettext("Median"), "number"),
        (gettext("Quartiles"), "number"),
        (gettext("Rated 7 to 9"), "number"),
        (gettext("Rated 1 to 3"), "number"),
    ]
    if has_moved:
        columns.append((gettext("Since the round before"), "text"))
    return {
        "caption": gettext("Round %(number)s, closed on %(day)s")
        % {"number": of_round.number, "day": wording.day(of_round.closed_on)},
        "columns": [{"label": label, "kind": kind} for label, kind in columns],
        "rows": [_delphi_row(item, wording, has_moved=has_moved) for item in of_round.items],
    }


def _delphi_row(item: DelphiItem, wording: Wording, *, has_moved: bool) -> list[dict[str, Any]]:
    name: dict[str, Any] = {"text": mark_language(item.text)}
    cells: list[dict[str, Any]]
    rated = item.rated
    if rated is None:
        cells = [{"text": gettext("too few ratings")}, *({"text": "–"} for _ in range(5))]
    else:
        quartiles = gettext("%(low)s to %(high)s (%(width)s apart)") % {
            "low": wording.number(rated.quartile_low),
            "high": wording.number(rated.quartile_high),
            "width": wording.number(rated.iqr),
        }
        cells = [
            {"tag": {"label": verdict_words(rated.verdict), "color": VERDICT_COLORS[rated.verdict]}},
            {"text": wording.number(rated.n)},
            {"text": wording.number(rated.median)},
            {"text": quartiles},
            {"text": wording.percent(rated.share_high)},
            {"text": wording.percent(rated.share_low)},
        ]
    return [name, *cells, *([{"text": _moved(item, wording)}] if has_moved else [])]


def _moved(item: DelphiItem, wording: Wording) -> str:
    moved = item.moved
    if moved is None:
        return "–"
    said = gettext("Of %(n)s who rated it twice, %(entered)s came to 7 to 9 and %(left)s left (p %(p)s).") % {
        "n": moved.n,
        "entered": moved.entered,
        "left": moved.left,
        "p": _p(moved.p, wording),
    }
    return " ".join([said, gettext("Stable.")]) if moved.is_stable else said


def verdict_words(verdict: Verdict) -> str:
    if verdict is Verdict.IN:
        return pgettext("an item of a panel is", "in")
    if verdict is Verdict.OUT:
        return pgettext("an item of a panel is", "out")
    return pgettext("an item of a panel is", "open")


def _order_notes(of_round: DelphiRoundResults, wording: Wording) -> list[str]:
    order = of_round.order
    if order is None:
        return []
    return [
        gettext(
            "Do the members order the items alike? Kendall's W = %(w)s (0 not at all, 1 wholly), p %(p)s, "
            "of %(n)s members who rated every item."
        )
        % {"w": wording.hundredths(order.w), "p": _p(order.p, wording), "n": order.n_members}
    ]


def _p(p: float, wording: Wording) -> str:
    """To a thousandth, with its sign; never 0, which no test gives."""
    return f"= {wording.number(round(p, 3))}" if p >= 0.001 else f"< {wording.number(0.001)}"


def _maxdiff_sentence(results: MaxDiffResults, wording: Wording) -> str:
    return ngettext(
        "Until %(day)s, %(n)s member answered %(tasks)s tasks.",
        "Until %(day)s, %(n)s members answered %(tasks)s tasks.",
        results.n_members,
    ) % {"day": wording.day(results.closed_on), "n": results.n_members, "tasks": results.n_tasks}


def _maxdiff_table(results: MaxDiffResults, wording: Wording) -> dict[str, Any]:
    columns = [
        (gettext("Item"), "text"),
        (pgettext("of a panel", "Place"), "number"),
        (pgettext("of a panel", "Score"), "number"),
        (gettext("95 % interval"), "number"),
        (pgettext("of a panel", "Shown"), "number"),
        (gettext("Most important"), "number"),
        (gettext("Least important"), "number"),
    ]
    return {
        "caption": gettext("The items, the most important first"),
        "columns": [{"label": label, "kind": kind} for label, kind in columns],
        "rows": [_maxdiff_row(item, wording) for item in results.items],
    }


def _maxdiff_row(item: ScoredItem, wording: Wording) -> list[dict[str, Any]]:
    interval = gettext("%(low)s to %(high)s") % {
        "low": wording.number(round(item.low, 2)),
        "high": wording.number(round(item.high, 2)),
    }
    return [
        {"text": mark_language(item.text)},
        {"text": wording.number(item.rank)},
        {"text": wording.number(round(item.score, 2))},
        {"text": interval},
        {"text": wording.number(item.shown)},
        {"text": wording.number(item.best)},
        {"text": wording.number(item.worst)},
    ]


def _maxdiff_note() -> str:
    return gettext(
        "Score: how often it was the most important less how often the least, over how often it was shown; "
        "from −1 to 1. Where two intervals overlap, the panel does not tell which item is ahead."
    )
