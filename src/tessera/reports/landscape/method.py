"""How far a landscape can be believed, how it was counted, and from what exactly."""

from dataclasses import dataclass

from tessera.engines.opinion.cluster import MOST_GROUPS, VOTES_TO_BE_GROUPED
from tessera.engines.opinion.consensus import FEWEST_VOTES_IN_A_GROUP
from tessera.engines.opinion.lists import Rule
from tessera.engines.opinion.overview import Overview
from tessera.engines.opinion.representative import FEWEST_VOTES
from tessera.engines.opinion.stability import (
    FEWEST_IN_A_PUBLIC_GROUP,
    KEPT_SHARE,
    SMALLEST_SHARE,
    STABLE_FROM,
    Likeness,
    Stability,
)
from tessera.reports.landscape.parts import Counted
from tessera.reports.wording import NOISE_DIGITS, Wording


@dataclass(frozen=True)
class Made:
    """What the figures of a report come from."""

    votes_sha256: str
    """Of the file of votes."""
    statements_sha256: str | None
    """Of the file of statements; None where there was none."""
    seed: int
    """Of the trials."""
    engine: str
    """Version of this package."""


def stability_in_words(words: Wording, stability: Stability) -> str:
    """Whether the groups came back in the trials, as a sentence with its figures."""
    came_back = {
        Likeness.ALMOST_THE_SAME: words.gettext("almost the same groups came back"),
        Likeness.MOSTLY_THE_SAME: words.gettext("mostly the same groups came back"),
        Likeness.BROADLY_THE_SAME: words.gettext("the same groups came back only in broad outline"),
        Likeness.ROUGHLY_THE_SAME: words.gettext("the same groups came back only roughly"),
        Likeness.OTHERS: words.gettext("other groups came out"),
    }[stability.likeness]
    return words.gettext(
        "In %(trials)s trials, each with a fifth of the votes left out by chance, %(came_back)s: the "
        "likeness was %(median)s in the middle, from %(lowest)s to %(highest)s (1 is the same groups, 0 is "
        "pure chance)."
    ) % {
        "trials": len(stability.reruns),
        "came_back": came_back,
        "median": words.hundredths(stability.median),
        "lowest": words.hundredths(stability.lowest),
        "highest": words.hundredths(stability.highest),
    }


def build_trust(words: Wording, overview: Overview, *, shows_map: bool) -> tuple[str, ...]:
    """What the figures can and cannot say, a paragraph each."""
    said = [
        words.gettext(
            "The figures say what the people who took part hold. Whether others think alike cannot be read "
            "from votes."
        )
    ]
    if overview.n_votes and overview.n_left_in and not overview.n_taken_since:
        said.append(_seen(words, overview))
    said.append(
        words.gettext(
            "The interval (95%) says how far chance can move a share: the fewer people voted, the wider it "
            "is. Where it reaches over a half, it is not certain on which side most people are."
        )
    )
    if overview.stability is not None:
        said.append(stability_in_words(words, overview.stability))
    if shows_map:
        said.append(
            words.gettext(
                "The map shows two directions in which votes differ most. They hold %(share)s of all "
                "differences between votes; the rest is not on the map."
            )
            # All of it is a little less than 1 in floats, and would not be shown as all.
            % {"share": words.percent(round(float(overview.axes.explained.sum()), NOISE_DIGITS))}
        )
    return tuple(said)


def build_counted(words: Wording, overview: Overview, made: Made) -> Counted:
    """The rules in plain words, and from what the figures were made."""
    gettext = words.gettext
    origin = [(gettext("Checksum of the file of votes (SHA-256)"), made.votes_sha256)]
    if made.statements_sha256:
        origin.append((gettext("Checksum of the file of statements (SHA-256)"), made.statements_sha256))
    return Counted(
        _rules(words, overview),
        gettext("Where the figures come from"),
        (
            *origin,
            (gettext("Start number of the trials"), str(made.seed)),
            (gettext("Engine"), f"Tessera {made.engine}"),
        ),
    )


def _seen(words: Wording, overview: Overview) -> str:
    """How much people voted on the statements that were not taken out."""
    return words.gettext(
        "Not everybody saw every statement: half of the people voted on at least %(n)s of %(statements)s. "
        "Each share is a share of those who voted on that statement."
    ) % {
        "n": words.number(overview.median_votes),
        "statements": words.number(overview.n_left_in),
    }


def _rules(words: Wording, overview: Overview) -> tuple[tuple[str, str], ...]:
    gettext = words.gettext
    rules = [
        (
            gettext("Vote"),
            gettext(
                "Agree, disagree or pass. Of several votes by one person on one statement the last one "
                "counts. A share is of all votes on the statement, passes included."
            ),
        ),
        (
            gettext("Interval (95%)"),
            gettext("The score interval of Wilson (1927)."),
        ),
        (
            gettext("What most people agree on"),
            gettext(
                "At least %(fewest)s votes, and more than half on one side even if chance is allowed for "
                "(one-sided test at 90%%). At most five on each side, ordered by the share and by how sure "
                "it is. No share is given on fewer votes."
            )
            % {"fewest": FEWEST_VOTES},
        ),
        (
            gettext("Groups"),
            gettext(
                "Whoever has at least %(votes)s votes is put into a group (all, if there are fewer "
                "statements; the fifteen most active, if there are fewer people). The votes are reduced to "
                "the two directions in which they differ most, and people who stand close together are put "
                "into 2 to %(most)s groups, as the open method of Polis does it: as many groups as are told "
                "apart best."
            )
            % {"votes": VOTES_TO_BE_GROUPED, "most": MOST_GROUPS},
        ),
        (
            gettext("When groups are shown"),
            gettext(
                "Only if the likeness in the trials is at least %(stable)s in the middle, and each group has "
                "at least %(fewest)s people and %(share)s of all who are in a group. In a trial %(left_out)s "
                "of the votes are left out. The likeness is the adjusted Rand index (Hubert and Arabie, "
                "1985)."
            )
            % {
                "stable": words.hundredths(STABLE_FROM),
                "fewest": FEWEST_IN_A_PUBLIC_GROUP,
                "share": words.percent(SMALLEST_SHARE),
                "left_out": words.percent(1 - KEPT_SHARE),
            },
        ),
        (
            gettext("What sets a group apart"),
            gettext(
                "Statements with which surely more than half of the group agree, and surely more of it than "
                "of all others; or disagree. At most five, and at least %(fewest)s votes of the group on "
                "each. If none is sure, the likeliest one stands alone."
            )
            % {"fewest": FEWEST_VOTES_IN_A_GROUP},
        ),
        (
            gettext("What all groups can accept"),
            gettext(
                "At least %(fewest)s votes of each group, and in each more than half agree, one vote added "
                "to either side. Ordered by the product of the groups' shares."
            )
            % {"fewest": FEWEST_VOTES_IN_A_GROUP},
        ),
        (
            gettext("Statements that together speak for most people"),
            _list_rule(words, overview.together.rule),
        ),
    ]
    n_out = int(overview.axes.moderated_out.sum())
    if n_out:
        taken_out = words.ngettext(
            "%(n)s statement was taken out by those who ran the consultation. It is in no list and "
            "is not counted as a statement; the votes on it are counted as votes.",
            "%(n)s statements were taken out by those who ran the consultation. They are in no list "
            "and are not counted as statements; the votes on them are counted as votes.",
            n_out,
        ) % {"n": words.number(n_out)}
        rules.append((gettext("Moderation"), " ".join((taken_out, *_taken_since(words, overview)))))
    return tuple(rules)


def _taken_since(words: Wording, overview: Overview) -> tuple[str, ...]:
    n = overview.n_taken_since
    if not n:
        return ()
    said = words.ngettext(
        "%(n)s of them was taken out only after the votes were counted; all other figures stand as they "
        "were.",
        "%(n)s of them were taken out only after the votes were counted; all other figures stand as they "
        "were.",
        n,
    )
    return (said % {"n": words.number(n)},)


def _list_rule(words: Wording, rule: Rule) -> str:
    if rule is Rule.SEQUENTIAL_PAV:
        how = words.gettext(
            "One statement after the other is taken: the one with most agreement, where somebody who already "
            "agrees with one on the list counts for a half, with two for a third, and so on (sequential "
            "proportional approval voting)."
        )
    else:
        how = words.gettext(
            "One statement after the other is taken: the one with which most people agree who have none on "
            "the list yet (greedy Chamberlin-Courant)."
        )
    check = words.gettext(
        "Then it is checked whether a group is left out that is large enough for a statement of its own "
        "(justified representation, Aziz and others, 2017)."
    )
    return f"{how} {check}"
