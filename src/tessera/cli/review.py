"""`tessera review`: from a filled answer sheet to a report."""

import itertools
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tessera.cli.writing import plain_words_for
from tessera.frameworks.errors import SheetError

if TYPE_CHECKING:
    from tessera.frameworks.answers import AnswerSheet
    from tessera.frameworks.schema import Framework

PROFILE = "profile.json"
PAGE = "report.html"
PRINT = "report.pdf"
CHARTS = "charts"


def review(
    sheet: Annotated[
        Path,
        typer.Argument(metavar="SHEET.xlsx", help="The filled answer sheet.", exists=True, dir_okay=False),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Folder for the report: new, empty, or with an earlier report, which is replaced.",
            file_okay=False,
        ),
    ],
    previous: Annotated[
        Path | None,
        typer.Option(
            metavar="SHEET.xlsx",
            help="The same city's answer sheet of an earlier year.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder with the answer sheets of similar cities, one of each.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the report: en or lv.")] = "en",
) -> None:
    """Score a filled answer sheet and write its report.

    Writes profile.json (every figure), report.html and report.pdf (the same report twice), and charts/ (SVG).
    A fault in any sheet is named with its tab and cell; then nothing is written.
    """
    from tessera.frameworks.scoring import score_sheet
    from tessera.reports.pages import chart_files, render_html
    from tessera.reports.pdf import render_pdf
    from tessera.reports.review import build_review_report
    from tessera.reports.wording import LANGUAGES

    if lang not in LANGUAGES:
        raise typer.BadParameter(
            f"there are no reports in {lang!r}; languages: {', '.join(LANGUAGES)}", param_hint="--lang"
        )
    _refuse_other_files(output)
    similar_files = _sheets_in(compare, besides=sheet) if compare else []
    read = _read_all([sheet, *([previous] if previous else []), *similar_files])
    framework, answers = read[sheet]
    earlier = read[previous] if previous else None
    similar = {file: read[file][1] for file in similar_files if not _same_city(read[file][1], answers)}
    if earlier and not _same_city(earlier[1], answers):
        raise typer.BadParameter(
            f"{previous} is of {earlier[1].city}, {sheet} of {answers.city}. "
            "If they are one city, write its name alike in both.",
            param_hint="--previous",
        )
    _refuse_a_city_twice(similar)
    profile = score_sheet(
        framework,
        answers,
        previous=earlier,
        class_sheets=list(similar.values()),
    )
    report = build_review_report(
        framework, answers, profile, language=lang, previous_sheet=earlier[1] if earlier else None
    )
    files = {
        PROFILE: (profile.model_dump_json(indent=2) + "\n").encode(),
        PAGE: render_html(report).encode(),
        PRINT: render_pdf(report),
        **{f"{CHARTS}/{name}": svg.encode() for name, svg in chart_files(report).items()},
    }
    with plain_words_for(output):
        _write_folder(output, files)
    typer.echo(f"{report.title}: {report.overall[0].score.sentence}")
    typer.echo(f"Written to {output}: {PAGE}, {PRINT}, {PROFILE}, {CHARTS}/")


def _sheets_in(folder: Path, besides: Path) -> list[Path]:
    """The answer sheets of a folder by name, without those that a program keeps of a sheet that is open.

    Sheets in other formats are among them: reading them says what to do, passing them over would lose a city.
    """
    files = sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods")
        and file.is_file()
        and not file.name.startswith(("~$", "."))
    )
    others = [file for file in files if not file.samefile(besides)]
    if not others:
        raise typer.BadParameter(
            f"there is no other answer sheet (.xlsx) in {folder}", param_hint="--compare"
        )
    return others


def _read_all(files: Iterable[Path]) -> "dict[Path, tuple[Framework, AnswerSheet]]":
    """Read every sheet, and only then say what is wrong in any of them."""
    from tessera.frameworks.sheets.read import read_sheet

    read = {}
    faults = 0
    for file in files:
        try:
            read[file] = read_sheet(file)
        except SheetError as error:
            faults += len(error.faults) + error.further
            for fault in error.faults:
                typer.echo(f"{file}: {fault}", err=True)
            if error.further:
                typer.echo(f"{file}: faults beyond these: {error.further}", err=True)
    if faults:
        typer.echo(f"Nothing was written. Faults in the sheets: {faults}", err=True)
        raise typer.Exit(2)
    return read


def _same_city(one: "AnswerSheet", other: "AnswerSheet") -> bool:
    return one.city.casefold() == other.city.casefold()


def _refuse_a_city_twice(similar: "Mapping[Path, AnswerSheet]") -> None:
    """A range is shown from five cities on; five sheets of two cities are no such range."""
    for (file, answers), (other_file, other) in itertools.combinations(similar.items(), 2):
        if _same_city(answers, other):
            raise typer.BadParameter(
                f"{answers.city} is there twice, in {file.name} and {other_file.name}; leave one of them",
                param_hint="--compare",
            )


def _refuse_other_files(folder: Path) -> None:
    """Only what this command wrote may be replaced; anything else in the folder is somebody's work."""
    if not folder.exists():
        return
    found = sorted(path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    ours = {Path(PROFILE), Path(PAGE), Path(PRINT)}
    others = [
        path for path in found if path not in ours and (path.parent, path.suffix) != (Path(CHARTS), ".svg")
    ]
    if others:
        raise typer.BadParameter(
            f"{folder} holds other files, such as {others[0]}; name a new folder", param_hint="--output"
        )


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files or none: beside the folder first, then in its place."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
        fresh = Path(scratch, "fresh")
        for name, content in files.items():
            file = fresh / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        earlier = Path(scratch, "earlier")
        if folder.exists():
            folder.rename(earlier)
        try:
            fresh.rename(folder)
        except OSError:
            if earlier.exists():
                earlier.rename(folder)
            raise
