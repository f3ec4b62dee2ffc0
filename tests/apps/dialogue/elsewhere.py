"""Conversations from elsewhere, in the files in which they come."""

from datetime import date

from django.utils import timezone
from tests.builders import make_city
from tests.people import make_officer

from tessera.apps.dialogue.actions.importing import import_consultation
from tessera.apps.dialogue.votes_from_elsewhere import read_conversation
from tessera.apps.network.models import City

POLIS = {
    "summary.csv": "topic,Trams\nurl,https://pol.is/abc\n",
    "comments.csv": (
        "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
        "1500282615559,Mon Jul 17 16:10:15 WIB 2017,10,0,1,0,0,Night trams.\n"
        '1500282615559,Mon Jul 17 16:10:15 WIB 2017,2,0,2,1,1,"More trams, ""soon""."\n'
        "1500282615559,Mon Jul 17 16:10:15 WIB 2017,3,4,0,0,-1,Buy my hats\n"
    ),
    # Participant 4 changed their mind on statement 2, and the earlier vote stands further down.
    "votes.csv": (
        "timestamp,datetime,comment-id,voter-id,vote\n"
        "1500336000000,Tue Jul 18 00:00:00 UTC 2017,2,4,1\n"
        "1500249600000,Mon Jul 17 00:00:00 UTC 2017,2,4,-1\n"
        "1500249600000,Mon Jul 17 00:00:00 UTC 2017,2,11,1\n"
        "1500422399000,Tue Jul 18 23:59:59 UTC 2017,2,5,-1\n"
        "1500422400000,Wed Jul 19 00:00:00 UTC 2017,10,11,1\n"
        "1500249600000,Mon Jul 17 00:00:00 UTC 2017,3,5,0\n"
    ),
    "participants-votes.csv": (
        "participant,group-id,n-comments,n-votes,n-agree,n-disagree,2,3,10\n"
        "4,0,1,1,1,0,1,,\n"
        "5,,0,2,0,1,-1,0,\n"
        "11,1,0,2,2,0,1,,1\n"
    ),
}
SHORT = {
    "statements.csv": (
        "statement,timestamp_ms,author,moderated,text\n"
        '2,1,0,1,"More trams, ""soon""."\n3,1,4,-1,Buy my hats\n10,1,0,0,Night trams.\n'
    ),
    "votes.csv": "participant,statement,vote\n4,2,1\n5,2,-1\n5,3,0\n11,2,1\n11,10,1\n",
}


def write(folder, files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def votes_in(found):
    """Participant, statement and vote, as they stand."""
    votes = found.votes
    return [
        (person, votes.statement_ids[statement], value)
        for person, start, end in zip(
            votes.participant_ids.tolist(), votes.starts[:-1], votes.starts[1:], strict=True
        )
        for statement, value in zip(
            votes.statements[start:end].tolist(), votes.values[start:end].tolist(), strict=True
        )
    ]


def take_over(found, *, city=None, slug="trams", **about):
    """As Ilze, officer of the city, took it over."""
    city = city or City.objects.filter(slug="riga").first() or make_city("riga")
    options = {
        "title": "Trams",
        "language": "en",
        "attribution": "From pol.is/abc, CC BY 4.0",
        "closed_on": date(2020, 2, 3),
        "invented": False,
        **about,
    }
    return import_consultation(
        by=make_officer("ilze", city), city=city, slug=slug, found=found, at=timezone.now(), **options
    )


def take_over_votes(folder, statements, votes, **about):
    """Statements by their texts, numbered from 0, and people with a vote or None on each."""
    rows = "".join(f"{number},1,{text}\n" for number, text in enumerate(statements))
    lines = "".join(
        f"{person},{statement},{value}\n"
        for person, row in enumerate(votes)
        for statement, value in enumerate(row)
        if value is not None
    )
    files = {
        "statements.csv": f"statement,moderated,text\n{rows}",
        "votes.csv": f"participant,statement,vote\n{lines}",
    }
    return take_over(read_conversation(write(folder, files)), **about)
