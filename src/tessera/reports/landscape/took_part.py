"""Who took part: how they came, and which groups of the city are missing among them.

Of what is not shown no reason is told: that few people are in it would be something to reckon with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tessera.reports.landscape.compared_groups import AskedAttribute, Share
from tessera.reports.landscape.parts import ComparedGroups, WhoTookPart
from tessera.reports.parts import Table, WrittenText
from tessera.reports.wording import Wording

MOST_NAMED = 3
"""Groups that are missing, as a sentence names them; the table has all."""


class Way(StrEnum):
    """How people came to take part, which says how sure it is that each is one person; least sure first."""

    OPEN_LINK = "open-link"
    OWN_LINK = "own-link"
    PAPER = "paper"
    ASSISTED = "assisted"
    """A facilitator asked them, and typed in what they said."""
    ELSEWHERE = "elsewhere"
    """Their votes were taken over."""


@dataclass(frozen=True)
class Background:
    """What is known of a consultation beside its votes."""

    invented: bool
    attribution: str
    """Origin and licence of votes that were taken over, as it was written; empty where people voted here."""
    came: Mapping[Way, int | None]
    """People by how they came; empty where it is not known."""
    asked: tuple[AskedAttribute[WrittenText], ...]


def write_took_part(words: Wording, background: Background) -> WhoTookPart:
    """Put into words who took part."""
    gettext = words.gettext
    if background.asked:
        intro = gettext(
            "People could say something about themselves, and need not. Those who did are counted here, and "
            "compared with the people who live in the city. “Not shown” stands where a figure could give "
            "somebody away."
        )
    else:
        intro = gettext(
            "It is not known which groups of the city are missing: people were asked nothing about "
            "themselves, or what they said is not published."
        )
    return WhoTookPart(
        intro=intro,
        channels_heading=gettext("How they came") if background.came else "",
        channels_intro=_channels_intro(words, background) if background.came else "",
        channels=tuple(
            (_people_of(words, way, background.came[way]), _how_sure(words, way))
            for way in Way
            if way in background.came
        ),
        compared=tuple(_compared(words, asked) for asked in background.asked),
    )


def _channels_intro(words: Wording, background: Background) -> str:
    said = words.gettext(
        "How sure it is that each of them is one person, who took part once, depends on how they came."
    )
    if set(background.came) == {Way.ELSEWHERE}:
        return said
    checked = words.gettext("Nobody was checked against a list of residents, which would be surest.")
    return f"{said} {checked}"


def _people_of(words: Wording, way: Way, people: int | None) -> str:
    names = {
        Way.OPEN_LINK: words.gettext("Open link"),
        Way.OWN_LINK: words.gettext("Link for one person"),
        Way.PAPER: words.gettext("Sheet of paper"),
        Way.ASSISTED: words.gettext("With a facilitator"),
        Way.ELSEWHERE: words.gettext("Taken over from elsewhere"),
    }
    if people is None:
        counted = words.gettext("not shown")
    else:
        counted = words.ngettext("%(n)s person", "%(n)s people", people) % {"n": words.number(people)}
    return f"{names[way]}: {counted}"


def _how_sure(words: Wording, way: Way) -> str:
    if way is Way.OPEN_LINK:
        return words.gettext(
            "Least sure: whoever had the address could take part. Limits for each network and each device "
            "make it harder to take part many times, and do not rule it out."
        )
    if way is Way.OWN_LINK:
        return words.gettext(
            "Surer: each link let one person take part once. Somebody may still have been given several."
        )
    if way is Way.PAPER:
        return words.gettext(
            "Surer: each sheet was printed for one person, and counts once. Two readings of it agreed. "
            "Somebody may still have filled in several."
        )
    if way is Way.ASSISTED:
        return words.gettext(
            "Surer: a facilitator sat beside each person, read the statements out and typed the answers in. "
            "No names were written down, so somebody may have come twice. Some say other things to a person "
            "than to a phone."
        )
    return words.gettext("Not known here: it depends on how people took part where the votes come from.")


def _compared(words: Wording, asked: AskedAttribute[WrittenText]) -> ComparedGroups:
    day = words.day(asked.counted_on) if asked.counted_on else ""
    source = ", ".join(filter(None, (asked.source, day)))
    sentences = (_how_many_said(words, asked), _what_is_missing(words, asked), _what_shares_are(words, asked))
    return ComparedGroups(
        heading=asked.question.text,
        language=asked.question.language,
        sentences=tuple(filter(None, sentences)),
        table=_table(words, asked),
        source=words.gettext("Residents: %(source)s.") % {"source": source} if source else "",
    )


def _how_many_said(words: Wording, asked: AskedAttribute[WrittenText]) -> str:
    if asked.not_said is None:
        return words.gettext("How many people answered this is not shown.")
    said = asked.everybody - asked.not_said
    return words.ngettext(
        "%(n)s of %(people)s people answered this.", "%(n)s of %(people)s people answered this.", said
    ) % {"n": words.number(said), "people": words.number(asked.everybody)}


def _what_is_missing(words: Wording, asked: AskedAttribute[WrittenText]) -> str:
    comparisons = asked.comparisons()
    if all(each.difference is None for each in comparisons):
        return words.gettext("It cannot be compared with the city.")
    missing = [
        words.gettext("%(group)s (%(points)s percentage points)")
        % {"group": each.group.label.text, "points": words.signed(100 * each.difference)}
        for each in comparisons
        if each.difference is not None and each.is_missing
    ]
    if not missing:
        return words.gettext("Of the groups that are shown, none is missing by a percentage point or more.")
    return words.gettext("Missing most, compared with the city: %(groups)s.") % {
        "groups": words.listed(missing[:MOST_NAMED])
    }


def _what_shares_are(words: Wording, asked: AskedAttribute[WrittenText]) -> str:
    """Empty where they are plainly those of all who answered."""
    if asked.is_whole and all(group.people is not None for group in asked.groups):
        return ""
    return words.gettext(
        "Shares are of the people in the groups that are compared. Where one of these groups is not shown, a "
        "share lies between two figures, and the difference is at least as large as it says."
    )


def _table(words: Wording, asked: AskedAttribute[WrittenText]) -> Table:
    gettext = words.gettext
    rows = tuple(_rows(words, asked))
    return Table(
        asked.question.text,
        (
            gettext("Group"),
            gettext("People"),
            gettext("Share of those who answered") if asked.is_whole else gettext("Share"),
            gettext("Residents of the city"),
            gettext("Share of residents"),
            gettext("Difference (percentage points)"),
        ),
        tuple((label.text, *figures) for label, figures in rows),
        caption_language=asked.question.language,
        row_languages=tuple(label.language for label, _ in rows),
    )


def _rows(
    words: Wording, asked: AskedAttribute[WrittenText]
) -> Iterator[tuple[WrittenText, tuple[str, ...]]]:
    """The largest shortfall first; those that cannot be compared come last, in their order."""
    hidden, unknown = words.gettext("not shown"), words.gettext("not known")
    for each in asked.comparisons():
        group, apart = each.group, each.difference
        yield (
            group.label,
            (
                _number(words, group.people, hidden),
                _share(words, each.share),
                _number(words, group.residents, unknown),
                words.percent(each.share_of_city),
                "" if apart is None else words.signed(100 * apart),
            ),
        )
    for group in asked.left_out():
        share = _share(words, asked.share(group)) if asked.is_whole else "–"
        yield group.label, (_number(words, group.people, hidden), share, unknown, unknown, "")


def _number(words: Wording, count: int | None, otherwise: str) -> str:
    return otherwise if count is None else words.number(count)


def _share(words: Wording, share: Share | None) -> str:
    return words.gettext("not shown") if share is None else words.percent_range(share.least, share.most)
