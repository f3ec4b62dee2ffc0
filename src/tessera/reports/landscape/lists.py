"""Lists that need no groups: what most people hold, and the statements that together speak for most."""

from math import ceil

from tessera.engines.opinion.lists import RepresentativeList
from tessera.engines.opinion.overview import Overview
from tessera.engines.opinion.stability import FEWEST_IN_A_PUBLIC_GROUP
from tessera.reports.landscape.parts import ListedStatement, StatementList
from tessera.reports.landscape.votes import AGREE, VoteWriting, interval


def list_majority(writing: VoteWriting, direction: str) -> StatementList:
    """The statements with which most people agree, or disagree."""
    gettext = writing.words.gettext
    if direction == AGREE:
        heading = gettext("Most agree")
        intro = gettext("Statements with which clearly more than half agree, the clearest first.")
        none = gettext("There is no statement with which clearly more than half agree.")
    else:
        heading = gettext("Most disagree")
        intro = gettext("Statements with which clearly more than half disagree, the clearest first.")
        none = gettext("There is no statement with which clearly more than half disagree.")
    places = [found.statement for found in writing.reading.majority[direction]]
    return _list_of(writing, f"most-{direction}", heading, intro if places else none, places, direction)


def list_together(writing: VoteWriting) -> StatementList:
    """The representative list, with whom it serves and whom it leaves out, as far as that still holds."""
    words, together = writing.words, writing.overview.together
    places = list(together.statements)
    if _could_give_away(together):
        places = []
        intro = words.gettext(
            "This is not shown, because fewer than %(n)s people voted often enough: it could give away how "
            "somebody voted."
        ) % {"n": FEWEST_IN_A_PUBLIC_GROUP}
    elif _is_shortened(together):
        intro = _shortened(writing)
    elif not places:
        intro = words.gettext("Nobody agreed with any statement.")
    elif _is_left_out_gone(writing.overview):
        intro = _coverage(writing, together)
    else:
        intro = " ".join((_coverage(writing, together), _left_out(writing, together)))
    return _list_of(writing, "together", "", intro, places, AGREE)


def heading_of_together(writing: VoteWriting) -> str:
    together = writing.overview.together
    length = len(together.statements)
    if length == 0 or _could_give_away(together) or _is_shortened(together):
        return writing.words.gettext("Statements that together speak for most people")
    return writing.words.ngettext(
        "%(n)s statement that speaks for most people",
        "%(n)s statements that together speak for most people",
        length,
    ) % {"n": length}


def _could_give_away(together: RepresentativeList) -> bool:
    return together.check.n_people < FEWEST_IN_A_PUBLIC_GROUP


def _is_shortened(together: RepresentativeList) -> bool:
    """Whether statements of it were taken out since: then its check speaks of another list."""
    return len(together.statements) < together.check.length


def _is_left_out_gone(overview: Overview) -> bool:
    """Whether the statement was taken out since on which the largest group left out agrees."""
    place = overview.together.check.left_out_statement
    return place is not None and bool(overview.axes.moderated_out[place])


def _shortened(writing: VoteWriting) -> str:
    words, together = writing.words, writing.overview.together
    n = together.check.length - len(together.statements)
    return words.ngettext(
        "%(n)s statement of this list was taken out after the votes were counted. For how many people the "
        "others speak was not counted again.",
        "%(n)s statements of this list were taken out after the votes were counted. For how many people the "
        "others speak was not counted again.",
        n,
    ) % {"n": words.number(n)}


def _list_of(
    writing: VoteWriting, name: str, heading: str, intro: str, places: list[int], direction: str
) -> StatementList:
    counted = [(place, writing.of_everybody(place)) for place in places]
    items = tuple(
        ListedStatement(writing.statement(place), "", (writing.in_words("", counts, direction),))
        for place, counts in counted
    )
    caption = heading or writing.words.gettext("Statements that together speak for most people")
    rows = [(place, counts, direction) for place, counts in counted]
    return StatementList(name, heading, intro, items, writing.table(caption, rows) if rows else None)


def _coverage(writing: VoteWriting, together: RepresentativeList) -> str:
    words, check = writing.words, together.check
    low, high = interval(check.n_served, check.n_people)
    return words.gettext(
        "The list is chosen so that as many people as possible find something in it with which they agree. "
        "Of the %(people)s people who voted often enough to be counted here, %(served)s agreed with at "
        "least one of these statements: %(share)s (95%% interval: %(low)s to %(high)s)."
    ) % {
        "people": words.number(check.n_people),
        "served": words.number(check.n_served),
        "share": words.percent(check.coverage),
        "low": words.percent(low),
        "high": words.percent(high),
    }


def _left_out(writing: VoteWriting, together: RepresentativeList) -> str:
    """The largest group of people who find nothing in the list; fewer than ten are not told apart."""
    words, check = writing.words, together.check
    if check.left_out_statement is None or check.largest_left_out < FEWEST_IN_A_PUBLIC_GROUP:
        largest = words.gettext(
            "Among those who agreed with none of them, fewer than %(n)s agree on any other statement."
        ) % {"n": FEWEST_IN_A_PUBLIC_GROUP}
    else:
        largest = words.gettext(
            "The largest group of people who agreed with none of them, and who all agree with one other "
            "statement, has %(n)s people (%(statement)s)."
        ) % {
            "n": words.number(check.largest_left_out),
            "statement": writing.statement(check.left_out_statement).name,
        }
    # Justified representation: people / length, which need not be whole.
    deserving = ceil(check.n_people / check.length)
    if check.is_justified:
        judged = words.ngettext(
            "Even %(n)s such person would deserve a statement of their own, so none is passed over.",
            "A group of %(n)s such people would deserve a statement of its own, so none is passed over.",
            deserving,
        )
    else:
        judged = words.ngettext(
            "Even %(n)s such person deserves a statement of their own, so somebody is passed over.",
            "A group of %(n)s such people deserves a statement of its own, so this one is passed over.",
            deserving,
        )
    return f"{largest} {judged % {'n': words.number(deserving)}}"
