"""`tessera audit`: whether the trail of a site is still what was sealed."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from tessera.cli.site import set_up_site

if TYPE_CHECKING:
    from tessera.apps.records.reading import TrailRow

app = typer.Typer(
    help="The trail of who changed what: whether anybody tampered with it, and erasing what must go.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def verify(
    head: Annotated[
        str | None,
        typer.Option(
            metavar="HASH",
            help="A head of the chain that was kept elsewhere, such as in a backup, today or earlier.",
        ),
    ] = None,
    erasures: Annotated[
        bool, typer.Option("--erasures", help="List every erased entry: when, by whom and why.")
    ] = False,
) -> None:
    """Recompute the whole chain, and name every entry that was altered, dropped, swapped or put in.

    Exit code 1 when there is a fault. Without a head that was kept elsewhere, a chain that was made anew as a
    whole looks sound.
    """
    if head is not None and not re.fullmatch(r"[0-9a-f]{64}", head):
        raise typer.BadParameter(
            f"{head!r} is no head. It has 64 signs from 0-9 and a-f; 'tessera audit head' prints it.",
            param_hint="--head",
        )
    set_up_site()
    from django.utils import timezone

    from tessera.apps.records.verification import verify_trail

    report = verify_trail(timezone.now(), expected_head=head)
    typer.echo(
        f"Entries: {report.count} sealed, {len(report.erasures)} of them erased; "
        f"{report.unsealed} not sealed yet."
    )
    typer.echo(f"Head: {report.head or 'none'}")
    for erasure in report.erasures if erasures else ():
        author = erasure.author or "a command on the server"
        typer.echo(
            f"Entry {erasure.entry_id} (link {erasure.sequence}) was erased on {erasure.at:%Y-%m-%d} by "
            f"{author}. Reason: {erasure.reason}"
        )
    for fault in report.faults:
        typer.echo(fault)
    typer.echo(f"Faults: {len(report.faults)}")
    if report.faults:
        raise typer.Exit(1)


@app.command()
def head() -> None:
    """Print the head of the chain, to be kept where nobody of this site can write."""
    set_up_site()
    from tessera.apps.records.models import TrailHead

    found = TrailHead.objects.filter(pk=1).first()
    if found is None or not found.link_hash:
        typer.echo("Nothing is sealed yet.", err=True)
        raise typer.Exit(1)
    typer.echo(found.link_hash)


@app.command()
def find(words: Annotated[str, typer.Argument(help="Such as a name or an e-mail address.")]) -> None:
    """List every entry that holds these words, with its number, to be looked at or erased."""
    set_up_site()
    from tessera.apps.records.reading import entries_that_hold, trail_rows

    entries = entries_that_hold(words)
    for entry, row in zip(entries, trail_rows(entries), strict=True):
        typer.echo(f"Entry {entry.pk} {_in_words(row)}")
    typer.echo(f"Entries: {len(entries)}")


REASON_LENGTH = 200


@app.command()
def erase(
    entry: Annotated[int, typer.Argument(help="The number of an entry; 'tessera audit find' lists them.")],
    reason: Annotated[str, typer.Option(help="Why it must go. It is kept, so name nobody in it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Take away for good what an entry says and whom it names. Another entry tells that it was erased.

    Day, act, kind of thing and city stay, and so does the chain. It reaches no backup.
    """
    if not 0 < len(reason.strip()) <= REASON_LENGTH:
        raise typer.BadParameter(
            f"It has {len(reason.strip())} signs. Give 1 to {REASON_LENGTH}.", param_hint="--reason"
        )
    set_up_site()
    from auditlog.models import LogEntry
    from django.utils import timezone

    from tessera.apps.records.reading import trail_rows
    from tessera.apps.records.trail import erase_entry

    found = LogEntry.objects.select_related("content_type", "trail_link").filter(pk=entry).first()
    if found is None:
        typer.echo(f"There is no entry {entry}. 'tessera audit find' lists entries by their words.", err=True)
        raise typer.Exit(2)
    [row] = trail_rows([found])
    if row.erased_at is not None:
        typer.echo(f"Entry {entry} was erased on {row.erased_at:%Y-%m-%d} already.")
        return
    typer.echo(f"Entry {entry} {_in_words(row)}")
    if not yes:
        typer.confirm("Erase what it says, for good?", abort=True)
    try:
        erase_entry(found, reason=reason.strip(), at=timezone.now())
    except ValueError as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from error
    typer.echo(f"Entry {entry} is erased.")


def _in_words(row: "TrailRow") -> str:
    changes = "; ".join(f"{said.field}: {said.before} -> {said.after}" for said in row.changes)
    return f"of {row.at:%Y-%m-%d}: {row.actor} {row.act} {row.kind} '{row.what}'" + (
        f" ({changes})" if changes else ""
    )
