"""`tessera portfolio`: which projects a budget pays for, decided by a vote."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tessera.cli.writing import write_files

if TYPE_CHECKING:
    from tessera.cli.portfolio_files import Vote
    from tessera.engines.portfolio.equal_shares import Completion
    from tessera.engines.portfolio.outcome import Outcome
    from tessera.engines.portfolio.problem import Problem

app = typer.Typer(help="Share a budget among projects by a vote.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    # With one command alone, typer would leave its name out.
    pass


@app.command()
def shares(
    ballots: Annotated[
        Path,
        typer.Argument(
            metavar="BALLOTS.csv",
            help="Who is for what; or a .pb file of Pabulib, which has the projects, too.",
            exists=True,
            dir_okay=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the tables.", file_okay=False)
    ],
    projects: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROJECTS.csv",
            help="The projects with their costs; left out with a .pb file.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    budget: Annotated[
        str | None, typer.Option(metavar="EUR", help="Without it, the budget of the .pb file.")
    ] = None,
    utility: Annotated[
        Literal["cost", "cardinality"],
        typer.Option(help="What a project is worth to its supporters: its cost, or the same for each."),
    ] = "cost",
    completion: Annotated[
        Literal["percent", "unit", "none"],
        typer.Option(
            help="How the shares rise while money is left: by 1 % of the budget, by 1 EUR a voter, or not."
        ),
    ] = "percent",
    fill: Annotated[
        bool, typer.Option("--fill", help="At the end, add the projects with the most votes that still fit.")
    ] = False,
    lot: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PROJECT",
            help="For ties of the same cost and votes: the project drawn first; again for those after it.",
        ),
    ] = None,
    top: Annotated[
        int | None,
        typer.Option(min=1, help="Of ballots with points or ranks, take this many projects; all without it."),
    ] = None,
) -> None:
    """Share a budget among the voters equally, and let them buy the projects that they are for.

    Writes selection.csv (every project and why it is in or out), rounds.csv (what each would have cost in
    each round), comparison.csv (the same votes by other rules) and portfolio.json (settings, sums, ties).
    """
    from tessera.cli.portfolio_results import comparison_table, euros, rounds_table, selection_table
    from tessera.cli.results import as_json, provenance
    from tessera.engines.portfolio.equal_shares import equal_shares
    from tessera.engines.portfolio.explanation import explain
    from tessera.engines.portfolio.greedy import greedy_by_votes, greedy_by_votes_per_cost
    from tessera.engines.portfolio.outcome import order_with_lots
    from tessera.engines.portfolio.phragmen import phragmen

    if fill and completion == "none":
        raise typer.BadParameter("what is filled in completes the count; give percent or unit with it")
    vote = _read(ballots, projects, budget, top)
    problem = vote.problem
    order = order_with_lots(problem, lot or ())
    outcome = equal_shares(problem, utility, completion=_completion(problem, completion, fill), order=order)
    explained = explain(problem, outcome, utility)
    others = tuple(
        rule(problem, order=order) for rule in (greedy_by_votes, greedy_by_votes_per_cost, phragmen)
    )
    tables = {
        output / "selection.csv": selection_table(problem, vote.titles, outcome, explained),
        output / "rounds.csv": rounds_table(problem, explained, utility),
        output / "comparison.csv": comparison_table(problem, outcome, others),
    }
    settings = {"utility": utility, "completion": completion, "fill": fill, "lot": lot or [], "top": top}
    content = provenance(
        "shares",
        {"ballots": ballots, "projects": projects},
        {Path(path.name): written for path, written in tables.items()},
        settings=settings,
        **_said(vote, outcome, others),
    )
    write_files({**tables, output / "portfolio.json": as_json(content)}, keep=(ballots, projects))
    for words in (*_undrawn(problem, outcome, lot or []), *_preferred(problem, outcome, others[0])):
        typer.echo(words, err=True)
    typer.echo(
        f"{len(outcome.chosen)} of {len(problem.projects)} projects, "
        f"{euros(outcome.cost)} of {euros(problem.budget)} EUR, written to {output}"
    )


def _read(ballots: Path, projects: Path | None, budget: str | None, top: int | None) -> "Vote":
    from tessera.cli.portfolio_files import read_budget, read_pabulib, read_vote

    cents = None if budget is None else read_budget(budget)
    if ballots.suffix.lower() == ".pb":
        if projects is not None:
            raise typer.BadParameter(
                f"{ballots.name} has its projects inside; name no file for them", param_hint="PROJECTS.csv"
            )
        return read_pabulib(ballots, cents, top=top)
    if projects is None:
        raise typer.BadParameter("the file of the projects is expected, too", param_hint="PROJECTS.csv")
    if cents is None:
        raise typer.BadParameter("the budget is expected, in euros", param_hint="--budget")
    return read_vote(ballots, projects, cents, top=top)


def _completion(
    problem: "Problem", by: Literal["percent", "unit", "none"], fill: bool
) -> "Completion | None":
    from fractions import Fraction

    from tessera.engines.portfolio.equal_shares import Completion, one_percent

    if by == "none":
        return None
    return Completion(one_percent(problem) if by == "percent" else Fraction(100), fill=fill)


def _said(vote: "Vote", outcome: "Outcome", others: tuple["Outcome", ...]) -> dict[str, Any]:
    from tessera.cli.portfolio_results import euros

    problem = vote.problem
    endowment = outcome.endowment or 0
    return {
        "ballots": vote.kind,
        "sizes": {
            "projects": len(problem.projects),
            "voters": problem.n_voters,
            "approvals": len(problem.supporters),
        },
        "sums": {
            "budget": euros(problem.budget),
            "spent": euros(outcome.cost),
            "left": euros(problem.budget - outcome.cost),
        },
        "endowment": {
            "first": problem.budget / problem.n_voters / 100,
            "raises": outcome.raises,
            "last": float(endowment) / 100,
            "last_exact_in_cents": str(endowment),
        },
        "ties": [
            {"round": number, "chosen": choice.project, "tied": list(choice.tied)}
            for number, choice in enumerate(outcome.choices, 1)
            if choice.tied
        ],
        "order_for_ties": "lower cost, then more votes, then as drawn by lot, then the order of the ids",
        "filled": [choice.project for choice in outcome.filled],
        "chosen": {found.rule: list(found.chosen) for found in (outcome, *others)},
    }


def _undrawn(problem: "Problem", outcome: "Outcome", drawn: list[str]) -> list[str]:
    """Ties that neither cost, nor votes, nor a lot decided."""

    def standing(project: str) -> tuple[int, int]:
        place = problem.places[project]
        return problem.costs[place], problem.votes[place]

    words = []
    for choice in (*outcome.choices, *outcome.filled):
        equal = [other for other in choice.tied if standing(other) == standing(choice.project)]
        if equal and choice.project not in drawn:
            words.append(
                f"{choice.project} and {', '.join(equal)} are equal, in cost and votes, too; "
                "the order of their ids decided"
            )
    return words


def _preferred(problem: "Problem", outcome: "Outcome", greedy: "Outcome") -> list[str]:
    from tessera.engines.portfolio.compare import preference

    found = preference(problem, outcome, greedy)
    words = f"Voters who do better by votes alone: {found.second}; by Equal Shares: {found.first}."
    return [f"{words} See comparison.csv"] if found.second > found.first else []
