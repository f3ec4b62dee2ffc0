"""`tessera consultation`: what is done with a whole consultation on the server of a site."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from tessera.cli.site import set_up_site

app = typer.Typer(help="Take over a consultation that was held elsewhere.", no_args_is_help=True)

DAY = ["%Y-%m-%d"]


@app.callback()
def _group() -> None:
    pass


@app.command("import")
def import_(
    source: Annotated[
        Path,
        typer.Argument(metavar="FOLDER_OR_ZIP", help="The files of the conversation.", exists=True),
    ],
    city: Annotated[str, typer.Option(help="The city on whose pages it is shown, by its address.")],
    slug: Annotated[str, typer.Option(help="The address that the consultation gets.")],
    as_: Annotated[str, typer.Option("--as", help="The e-mail address of an officer of the city.")],
    language: Annotated[str, typer.Option(help="The language of the statements, such as en.")],
    title: Annotated[str, typer.Option(help="What it was about, in that language.")],
    attribution: Annotated[
        str,
        typer.Option(help="Where the votes come from, and under which licence. It stands on every page."),
    ],
    closed_on: Annotated[
        datetime | None,
        typer.Option(formats=DAY, help="The day on which it ended. Only where the votes have no times."),
    ] = None,
    invented: Annotated[
        bool, typer.Option("--invented", help="Nobody voted: it was made up, for demonstration.")
    ] = False,
) -> None:
    """Take over statements and votes that people gave elsewhere, as a closed consultation.

    The files are those that Polis publishes of a conversation: comments.csv, and votes.csv or
    participants-votes.csv; or statements.csv and votes.csv in our shorter form. Nobody gets a code, and what
    was taken out there stays out. The landscape is found by the next tick.
    """
    set_up_site()
    from django.core.exceptions import PermissionDenied
    from django.utils import timezone

    from tessera.apps.accounts.models import Person
    from tessera.apps.dialogue.actions.importing import CannotImport, import_consultation
    from tessera.apps.dialogue.actions.setting_up import AddressTaken
    from tessera.apps.dialogue.votes_from_elsewhere import NotReadable, read_conversation
    from tessera.apps.network.models import City

    person = Person.objects.filter(email=as_.strip().lower(), is_active=True).first()
    if person is None:
        _refuse(f"Nobody here has the address {as_!r}.")
    of_city = City.objects.filter(slug=city).first()
    if of_city is None:
        _refuse(f"There is no city at {city!r}.")
    try:
        found = read_conversation(source)
        made = import_consultation(
            by=person,
            city=of_city,
            slug=slug,
            title=title,
            language=language,
            attribution=attribution,
            found=found,
            closed_on=None if closed_on is None else closed_on.date(),
            invented=invented,
            at=timezone.now(),
        )
    except (AddressTaken, CannotImport, NotReadable, PermissionDenied) as error:
        _refuse(str(error))
    typer.echo(
        f"{made} is there, at {made.take_part_url}: {len(found.votes.participant_ids):,} people, "
        f"{len(found.statements):,} statements, {len(found.votes.values):,} votes."
    )


def _refuse(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(2)
