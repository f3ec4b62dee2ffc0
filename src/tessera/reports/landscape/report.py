"""The report of a landscape: what may be shown of it to the public, in words, figures and drawings."""

from collections.abc import Mapping
from datetime import date

from tessera.engines.opinion.overview import Overview
from tessera.reports.landscape.groups import GroupWriting
from tessera.reports.landscape.lists import heading_of_together, list_majority, list_together
from tessera.reports.landscape.method import Made, build_counted, build_trust
from tessera.reports.landscape.parts import LandscapeHeadings, LandscapeReport, Remark
from tessera.reports.landscape.took_part import Background, write_took_part
from tessera.reports.landscape.votes import AGREE, DISAGREE, VoteWriting
from tessera.reports.parts import WrittenText
from tessera.reports.wording import Wording


def build_landscape_report(
    overview: Overview,
    *,
    texts: Mapping[str, WrittenText],
    title: WrittenText,
    about: WrittenText,
    day: date,
    day_is_of_votes: bool,
    made: Made,
    language: str,
    background: Background | None = None,
) -> LandscapeReport:
    """Put a landscape into words, figures and drawings, and leave out what may not be shown to the public.

    Nobody's vote and nobody's place is in it. Groups are shown only where they are stable and large enough
    (`Overview.withheld`), and people on the map only in cells of at least ten. A share
    is given only from ten votes on, within a group from five.

    Parameters
    ----------
    overview : Overview
    texts : mapping of statement id to WrittenText
        Those that are known; the others are named by their ids. A language that is empty is not known.
    title : WrittenText
        What the consultation was about; may be empty.
    about : WrittenText
        Who asked what, as it is to be read; may be empty.
    day : date
        To which the votes stand, or else on which the page is made.
    day_is_of_votes : bool
        Which of the two it is, and is called.
    made : Made
        What the figures come from.
    language : str
        One of ``wording.LANGUAGES``.
    background : Background or None
        What is known of the consultation beside its votes; None for nothing.

    Raises
    ------
    UnknownLanguageError
        There are no reports in this language.
    """
    words = Wording(language)
    gettext = words.gettext
    writing = VoteWriting(words, overview, texts)
    groups = GroupWriting(writing)
    differ = groups.differences()
    return LandscapeReport(
        language=language,
        kicker=gettext("What the people who took part think"),
        title=title.text or gettext("A consultation"),
        title_language=title.language,
        about=about.text,
        about_language=about.language,
        remarks=_remarks(words, background) if background else (),
        facts=(
            (gettext("People who took part"), words.number(overview.n_people)),
            (gettext("Votes"), words.number(overview.n_votes)),
            (gettext("Statements voted on"), words.number(overview.n_left_in)),
            (gettext("Votes as of") if day_is_of_votes else gettext("Page made on"), words.day(day)),
        ),
        notice=gettext("All figures are about the people who took part, and about nobody else."),
        headings=LandscapeHeadings(
            agree=gettext("What most people agree on"),
            accept=gettext("What all groups can accept"),
            differ=gettext("Where people differ"),
            together=heading_of_together(writing),
            took_part=gettext("Who took part"),
            trust=gettext("How far this can be believed"),
            counted=gettext("How it was counted"),
        ),
        legend=(
            (AGREE, gettext("Agreed")),
            ("passed", gettext("Passed")),
            (DISAGREE, gettext("Disagreed")),
            ("interval", gettext("Interval (95%)")),
        ),
        agree=(list_majority(writing, AGREE), list_majority(writing, DISAGREE)),
        accept=groups.accepted(),
        differ=differ,
        together=list_together(writing),
        took_part=write_took_part(words, background) if background else None,
        trust=build_trust(words, overview, shows_map=differ.map is not None),
        counted=build_counted(words, overview, made),
        contents_heading=gettext("Contents"),
        table_label=gettext("The figures as a table"),
        generated_by=gettext("Made with Tessera %(version)s") % {"version": made.engine},
    )


def _remarks(words: Wording, background: Background) -> tuple[Remark, ...]:
    gettext = words.gettext
    remarks = []
    if background.invented:
        remarks.append(
            Remark(
                "invented",
                gettext("Invented consultation"),
                gettext(
                    "The people, their votes and their words are invented, for demonstration. They say "
                    "nothing about anybody in the city."
                ),
                is_quoted=False,
            )
        )
    if background.attribution:
        remarks.append(
            Remark(
                "info",
                gettext("These votes were taken over from elsewhere"),
                background.attribution,
                is_quoted=True,
            )
        )
    return tuple(remarks)
