"""`tessera person`: what only those who run a site can do for somebody's account."""

from typing import TYPE_CHECKING, Annotated

import typer

from tessera.cli.site import set_up_site

if TYPE_CHECKING:
    from tessera.apps.accounts.models import Person

app = typer.Typer(help="Close, open and rescue the account of a person on a site.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


@app.command()
def close(email: Email) -> None:
    """Let somebody sign in no more. What they did stays under their name."""
    person = _find(email)
    from tessera.apps.accounts.actions import close_account

    close_account(person=person)
    typer.echo(f"The account of {person} is closed, and every session of it has ended.")


@app.command("open")
def open_(email: Email) -> None:
    """Let somebody whose account was closed sign in again."""
    person = _find(email)
    person.is_active = True
    person.save(update_fields=["is_active"])
    typer.echo(f"The account of {person} is open.")


@app.command()
def reset_second_step(email: Email) -> None:
    """Take away app, passkeys and recovery codes of somebody who lost them. Make sure that it is they.

    At the next sign-in they are asked to set up a second step anew.
    """
    person = _find(email)
    from tessera.apps.accounts.actions import forget_second_step

    forget_second_step(person=person)
    typer.echo(f"{person} has no second step any more, and every session has ended.")


def _find(email: str) -> "Person":
    set_up_site()
    from tessera.apps.accounts.models import Person

    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        typer.echo(f"Nobody here has the address {email!r}.", err=True)
        raise typer.Exit(2)
    return person
