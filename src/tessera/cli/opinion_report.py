"""`tessera opinion report`: from votes to a page that can be handed out."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from tessera.cli.opinion_arguments import Seed, StatementsFile, VotesFile, read_and_tell
from tessera.cli.writing import write_files


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"{written!r} was found; a day such as 2025-12-31 is expected") from None


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def report(
    votes: VotesFile,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="REPORT.html", help="The page.", dir_okay=False)
    ],
    statements: StatementsFile = None,
    title: Annotated[str, typer.Option(help="What the consultation was about.")] = "",
    about: Annotated[str, typer.Option(help="Who asked what, in a sentence or two.")] = "",
    day: Annotated[
        date | None,
        typer.Option(
            parser=_day,
            metavar="YYYY-MM-DD",
            help="The day to which the votes stand. Without it the page names the day on which it is made.",
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the page: en or lv.")] = "en",
    seed: Seed = 1,
) -> None:
    """Write a page to hand out: what most agree on, what all groups can accept, where people differ.

    It holds no person's vote and no person's place. Groups are shown only where they are stable and large
    enough; the page says why where they are not.
    """
    from importlib.metadata import version

    from tessera.engines.opinion.landscape import find_landscape
    from tessera.engines.opinion.loops.choice import fastest
    from tessera.engines.opinion.overview import find_overview
    from tessera.engines.opinion.stability import find_stability
    from tessera.reports.landscape.method import Made
    from tessera.reports.landscape.page import render_landscape
    from tessera.reports.landscape.report import build_landscape_report
    from tessera.reports.parts import WrittenText
    from tessera.reports.wording import LANGUAGES

    if language not in LANGUAGES:
        raise typer.BadParameter(
            f"there are no reports in {language!r}; languages: {', '.join(LANGUAGES)}",
            param_hint="--language",
        )
    loops = fastest()
    conversation = read_and_tell(votes, statements, loops)
    given, out, known = conversation.votes, conversation.moderated_out, conversation.statements
    texts = {name: WrittenText(known.texts[name], known.langs[name]) for name in known.ids} if known else {}
    found = find_landscape(given, out, loops=loops)
    stability = find_stability(given, out, found.groups, seed=seed)
    page = build_landscape_report(
        find_overview(given, found, stability, loops=loops),
        texts=texts,
        title=WrittenText(title, ""),
        about=WrittenText(about, ""),
        day=day or datetime.now(UTC).astimezone().date(),
        day_is_of_votes=day is not None,
        made=Made(_sha256(votes), _sha256(statements) if statements else None, seed, version("tessera")),
        language=language,
    )
    write_files({output: render_landscape(page).encode()}, keep=(votes, statements))
    n = len(given.participant_ids)
    people = "1 person" if n == 1 else f"{n} people"
    typer.echo(f"The page on {people} is written to {output}")
    if not page.differ.groups:
        typer.echo("It shows no groups, and says why.")
