"""Write the pages of reference that follow from the code: uv run tools/write_reference.py

The pages are committed, so that they can be read in the repository; a test holds them against the code.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from tessera.cli.main import app
from tessera.frameworks.profile import Profile

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
REFERENCE = ROOT / "docs" / "reference"

# The modules that a program of one's own may build on, in the order in which a reader meets them.
PUBLIC_MODULES = (
    "tessera.frameworks.load",
    "tessera.frameworks.schema",
    "tessera.frameworks.when_rules",
    "tessera.frameworks.words",
    "tessera.frameworks.answers",
    "tessera.frameworks.expert_words",
    "tessera.frameworks.sheets.write",
    "tessera.frameworks.sheets.read",
    "tessera.frameworks.sheets.faults",
    "tessera.frameworks.sheets.marks",
    "tessera.frameworks.sheets.returned",
    "tessera.frameworks.sheets.tables",
    "tessera.frameworks.sheets.values",
    "tessera.frameworks.xlsforms.read",
    "tessera.frameworks.xlsforms.write",
    "tessera.frameworks.scoring",
    "tessera.frameworks.scores.leverage",
    "tessera.frameworks.scores.movement",
    "tessera.frameworks.scores.reading",
    "tessera.frameworks.profile",
    "tessera.frameworks.xml_signs",
    "tessera.frameworks.errors",
    "tessera.reports.review",
    "tessera.reports.pages",
    "tessera.reports.pdf",
    "tessera.reports.typesetting",
    "tessera.reports.qr",
    "tessera.reports.poster",
    "tessera.reports.index_charts",
    "tessera.reports.landscape.parts",
    "tessera.reports.landscape.method",
    "tessera.reports.landscape.report",
    "tessera.reports.landscape.page",
    "tessera.engines.index.structure",
    "tessera.engines.index.data",
    "tessera.engines.index.method",
    "tessera.engines.index.method_tables",
    "tessera.engines.index.step_tables",
    "tessera.engines.index.factors",
    "tessera.engines.index.factor_tables",
    "tessera.engines.index.compute",
    "tessera.engines.index.prepare",
    "tessera.engines.index.steps.impute",
    "tessera.engines.index.steps.multivariate",
    "tessera.engines.index.steps.treat",
    "tessera.engines.index.steps.normalise",
    "tessera.engines.index.steps.weight",
    "tessera.engines.index.steps.aggregate",
    "tessera.engines.index.steps.rank",
    "tessera.engines.index.audit",
    "tessera.engines.index.statistics",
    "tessera.engines.index.flags",
    "tessera.engines.index.uncertainty",
    "tessera.engines.index.draws.runs",
    "tessera.engines.index.draws.summary",
    "tessera.engines.index.draws.cells",
    "tessera.engines.index.draws.weights",
    "tessera.engines.index.draws.stacked",
    "tessera.engines.index.draws.compiled",
    "tessera.engines.index.draws.streams",
    "tessera.engines.index.draws.ranking",
    "tessera.engines.index.draws.tally",
    "tessera.engines.index.draws.columns",
    "tessera.engines.index.draws.space",
    "tessera.engines.index.sensitivity",
    "tessera.engines.index.sobol",
    "tessera.engines.index.explanation.contributions",
    "tessera.engines.index.explanation.difference",
    "tessera.engines.index.explanation.leverage",
    "tessera.engines.index.explanation.removal",
    "tessera.engines.index.answers",
    "tessera.engines.index.agreement",
    "tessera.engines.index.coverage",
    "tessera.engines.index.bands",
    "tessera.engines.index.compare",
    "tessera.engines.index.errors",
    "tessera.engines.opinion.errors",
    "tessera.engines.opinion.votes",
    "tessera.engines.opinion.loops.passes",
    "tessera.engines.opinion.loops.choice",
    "tessera.engines.opinion.co_votes",
    "tessera.engines.opinion.project",
    "tessera.engines.opinion.cluster",
    "tessera.engines.opinion.kmeans",
    "tessera.engines.opinion.statistics",
    "tessera.engines.opinion.representative",
    "tessera.engines.opinion.consensus",
    "tessera.engines.opinion.priority",
    "tessera.engines.opinion.landscape",
    "tessera.engines.opinion.stability",
    "tessera.engines.opinion.bridging",
    "tessera.engines.opinion.lists",
    "tessera.engines.opinion.shares",
    "tessera.engines.opinion.live",
    "tessera.engines.opinion.cells",
    "tessera.engines.opinion.overview",
    "tessera.engines.opinion.language_versions",
    "tessera.engines.opinion.disclosure.tables",
    "tessera.engines.opinion.disclosure.breakdown",
    "tessera.engines.opinion.disclosure.protect",
    "tessera.engines.opinion.disclosure.attack",
    "tessera.engines.opinion.disclosure.as_json",
    "tessera.engines.opinion.disclosure.equations",
    "tessera.engines.portfolio.problem",
    "tessera.engines.portfolio.ballots",
    "tessera.engines.portfolio.outcome",
    "tessera.engines.portfolio.equal_shares",
    "tessera.engines.portfolio.explanation",
    "tessera.engines.portfolio.greedy",
    "tessera.engines.portfolio.phragmen",
    "tessera.engines.portfolio.compare",
    "tessera.engines.portfolio.purses",
    "tessera.engines.portfolio.errors",
    "tessera.engines.portfolio.maxdiff",
    "tessera.engines.portfolio.maxdiff_design",
    "tessera.engines.portfolio.delphi",
)

GENERATED = "<!-- Written by tools/write_reference.py: change the code, then run it. -->\n"

PYTHON_OPENING = """\
What a program of one's own may build on. These modules need no settings and open no database; the pages and
the command line use the same. What is not named here may change without a word in the changelog.

From a filled sheet to a PDF:

```python
from pathlib import Path

from tessera.frameworks.scoring import score_sheet
from tessera.frameworks.sheets.read import read_sheet
from tessera.reports.pdf import render_pdf
from tessera.reports.review import build_review_report

framework, sheet = read_sheet(Path("riga-2023.xlsx"))
profile = score_sheet(framework, sheet)
report = build_review_report(framework, sheet, profile, language="en")
Path("riga-2023.pdf").write_bytes(render_pdf(report))
```
"""

COMMANDS_OPENING = """\
Errors go to stderr in plain words. The exit code is 0 when all went well and 2 when the input was bad; then
nothing was written.
"""


def main() -> None:
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The text of each generated file, by its name in docs/reference."""
    return {"python.md": python_page(), "cli.md": commands_page(), "profile.schema.json": profile_schema()}


def profile_schema() -> str:
    return json.dumps(Profile.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def python_page() -> str:
    parts = [
        "# Python\n",
        GENERATED,
        PYTHON_OPENING,
    ]
    for module in PUBLIC_MODULES:
        tree = ast.parse(_file_of(module).read_text(encoding="utf-8"))
        parts.append(f"## {module}\n")
        parts.append(_verbatim(ast.get_docstring(tree)))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                parts += [f"### {node.name}\n", _python(_signature(node)), _verbatim(ast.get_docstring(node))]
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                parts += [f"### {node.name}\n", _python(_outline(node)), _verbatim(ast.get_docstring(node))]
    return "\n".join(part for part in parts if part)


def _file_of(module: str) -> Path:
    return SOURCE.joinpath(*module.split(".")).with_suffix(".py")


def _signature(node: ast.FunctionDef) -> str:
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{node.name}({ast.unparse(node.args)}){returns}"
    if len(line) <= 100:
        return line
    return f"{node.name}(\n    " + ",\n    ".join(_parameters(node.args)) + f",\n){returns}"


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    positional = arguments.args
    without = len(positional) - len(arguments.defaults)
    for place, argument in enumerate(positional):
        default = arguments.defaults[place - without] if place >= without else None
        yield _parameter(argument, default)
    if arguments.kwonlyargs:
        yield "*"
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            yield _parameter(argument, default)


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(argument) + (f" = {ast.unparse(default)}" if default is not None else "")


def _outline(node: ast.ClassDef) -> str:
    """A class as its fields, properties and public methods, without their bodies."""
    bases = [name for base in node.bases if not (name := ast.unparse(base)).startswith("_")]
    lines = [f"class {node.name}" + (f"({', '.join(bases)})" if bases else "")]
    for member in node.body:
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
            if not member.target.id.startswith("_"):
                lines.append(
                    f"    {member.target.id}: {ast.unparse(member.annotation)}{_given(member.value)}"
                )
        elif isinstance(member, ast.Assign) and isinstance(member.targets[0], ast.Name):
            if isinstance(member.value, ast.Constant):
                lines.append(f"    {ast.unparse(member)}")
        elif isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
            lines.append("    " + _member(member))
    return "\n".join(lines)


def _member(node: ast.FunctionDef) -> str:
    properties = {"property", "cached_property"}
    if properties & {ast.unparse(decorator) for decorator in node.decorator_list}:
        return f"{node.name}: {ast.unparse(node.returns) if node.returns else 'object'}"
    text = _signature(node).replace("\n", "\n    ")
    return text.replace("(self, ", "(", 1).replace("(self)", "()", 1)


def _given(value: ast.expr | None) -> str:
    """The default of a field as a reader needs it: the factories and descriptions of libraries left out."""
    if value is None:
        return ""
    if not isinstance(value, ast.Call):
        return f" = {ast.unparse(value)}"
    given = {keyword.arg: keyword.value for keyword in value.keywords}
    default = f" = {ast.unparse(given['default'])}" if "default" in given else ""
    told = given.get("description")
    return default + (f"  # {told.value}" if isinstance(told, ast.Constant) else "")


def _python(code: str) -> str:
    return f"```python\n{code}\n```\n"


def _verbatim(docstring: str | None) -> str:
    return f"```text\n{docstring.strip()}\n```\n" if docstring else ""


def commands_page() -> str:
    parts = [
        "# Command line\n",
        GENERATED,
        COMMANDS_OPENING,
    ]
    for path, command in walk_commands(typer.main.get_command(app), "tessera"):
        context = command.context_class(command, info_name=path)
        parts += [f"{'#' * (path.count(' ') + 2)} {path}\n", f"{(command.help or '').strip()}\n"]
        if not hasattr(command, "commands"):
            parts.append(f"```console\n$ {command.get_usage(context).removeprefix('Usage: ')}\n```\n")
            parts.append(_options_table(command, context))
    return "\n".join(part for part in parts if part)


def walk_commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Each command and group with the words that call it, a group before its commands."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from walk_commands(inner, f"{path} {name}")


def _options_table(command: Any, context: Any) -> str:
    records = [parameter.get_help_record(context) for parameter in command.params]
    cells = [[" ".join(cell.split()).replace("|", r"\|") for cell in record] for record in records if record]
    rows = [f"| `{name}` | {text} |" for name, text in cells]
    return "| | |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""


if __name__ == "__main__":
    main()
