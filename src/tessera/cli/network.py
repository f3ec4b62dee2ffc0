"""`tessera network`: the first act on a new site, before anybody can sign in."""

from datetime import datetime
from typing import Annotated, NoReturn

import typer

from tessera.cli.site import set_up_site

app = typer.Typer(help="Begin a network on a site.", no_args_is_help=True)

DAY = ["%Y-%m-%d"]


@app.callback()
def _group() -> None:
    pass


@app.command()
def start(
    name: Annotated[str, typer.Argument(help="What the network is called.")],
    coordinator: Annotated[str, typer.Option(help="The name of whoever coordinates it.")],
    email: Annotated[str, typer.Option(help="Their e-mail address.")],
    first_day: Annotated[datetime, typer.Option(formats=DAY, help="The day that the network begins on.")],
    last_day: Annotated[datetime, typer.Option(formats=DAY, help="The day that it ends on.")],
    language: Annotated[str, typer.Option(help="The language of the name, and of the coordinator.")] = "en",
) -> None:
    """Begin a network and invite its first coordinator, on the site of the environment.

    The link for the first sign-in is sent by e-mail, and printed for a site that sends none yet. As long as
    nobody who coordinates the network can sign in, it can be asked again: with another address, or for a new
    link.
    """
    set_up_site()
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.utils import timezone
    from django.utils.text import slugify

    from tessera.apps.accounts.actions import CannotInvite
    from tessera.apps.network.actions import CannotGive, start_network
    from tessera.apps.network.local_text import LocalText

    slug = slugify(name)
    offered = dict(settings.LANGUAGES)
    if not slug:
        _refuse(f"{name!r} has no letter that an address can be made of. Give a name with some.")
    if language not in offered:
        _refuse(f"The site has no language {language!r}; accepted: {', '.join(offered)}.")
    if last_day < first_day:
        _refuse(f"The last day, {last_day:%Y-%m-%d}, is before the first, {first_day:%Y-%m-%d}.")
    try:
        validate_email(email)
        link = start_network(
            slug=slug,
            name=LocalText(language, {language: name}),
            first_day=first_day.date(),
            last_day=last_day.date(),
            coordinator=coordinator,
            email=email,
            language=language,
            at=timezone.now(),
        )
    except ValidationError:
        _refuse(f"{email!r} is no e-mail address.")
    except (CannotGive, CannotInvite) as error:
        _refuse(str(error))
    if link:
        typer.echo(f"{name} has begun. {coordinator} signs in for the first time by this link, once:\n{link}")
    else:
        typer.echo(f"{name} has begun. {email} signs in already, coordinates it now, and is told by e-mail.")


def _refuse(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(2)
