"""The report of a landscape: what may be shown of it to the public, in words, figures and drawings."""

from collections.abc import Mapping
from datetime import date

from tessera.engines.opinion.landscape import Landscape
from tessera.engines.opinion.lists import RepresentativeList
from tessera.engines.opinion.stability import Stability
from tessera.engines.opinion.votes import Votes
from tessera.reports.landscape.groups import GroupWriting
from tessera.reports.landscape.lists import heading_of_together, list_majority, list_together
from tessera.reports.landscape.method import Made, build_counted, build_trust
from tessera.reports.landscape.parts import LandscapeHeadings, LandscapeReport
from tessera.reports.landscape.votes import AGREE, DISAGREE, VoteWriting
from tessera.reports.parts import WrittenText
from tessera.reports.wording import Wording


def build_landscape_report(
    votes: Votes,
    landscape: Landscape,
    stability: Stability | None,
    together: RepresentativeList,
    *,
    texts: Mapping[str, WrittenText],
    title: str,
    about: str,
    day: date,
    day_is_of_votes: bool,
    made: Made,
    language: str,
) -> LandscapeReport:
    """Put a landscape into words, figures and drawings, and leave out what may not be shown to the public.

    Nobody's vote and nobody's place is in it. Groups are shown only where they are stable and large enough
    (`stability.why_withheld`, for the public), and people on the map only in cells of at least ten. A share
    is given only from ten votes on, within a group from five.

    Parameters
    ----------
    votes : Votes
    landscape : Landscape
        Of these votes.
    stability : Stability or None
        Of its groups; None if there are none.
    together : RepresentativeList
        Of the people of the landscape who are in the conversation.
    texts : mapping of statement id to WrittenText
        Those that are known; the others are named by their ids. A language that is empty is not known.
    title : str
        What the consultation was about; may be empty.
    about : str
        Who asked what, as it is to be read; may be empty.
    day : date
        To which the votes stand, or else on which the page is made.
    day_is_of_votes : bool
        Which of the two it is, and is called.
    made : Made
        What the figures come from.
    language : str
        One of ``wording.LANGUAGES``.

    Raises
    ------
    UnknownLanguageError
        There are no reports in this language.
    """
    words = Wording(language)
    gettext = words.gettext
    writing = VoteWriting(words, votes, landscape.reading, texts)
    groups = GroupWriting(writing, landscape, stability)
    differ = groups.differences()
    return LandscapeReport(
        language=language,
        kicker=gettext("What the people who took part think"),
        title=title or gettext("A consultation"),
        about=about,
        facts=(
            (gettext("People who took part"), words.number(len(votes.participant_ids))),
            (gettext("Votes"), words.number(len(votes.values))),
            (gettext("Statements voted on"), words.number(int((~landscape.axes.moderated_out).sum()))),
            (gettext("Votes as of") if day_is_of_votes else gettext("Page made on"), words.day(day)),
        ),
        notice=gettext("All figures are about the people who took part, and about nobody else."),
        headings=LandscapeHeadings(
            agree=gettext("What most people agree on"),
            accept=gettext("What all groups can accept"),
            differ=gettext("Where people differ"),
            together=heading_of_together(writing, together),
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
        together=list_together(writing, together),
        trust=build_trust(words, votes, landscape, stability, shows_map=differ.map is not None),
        counted=build_counted(words, landscape, together, made),
        contents_heading=gettext("Contents"),
        table_label=gettext("The figures as a table"),
        generated_by=gettext("Made with Tessera %(version)s") % {"version": made.engine},
    )
