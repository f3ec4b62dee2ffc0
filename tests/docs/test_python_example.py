import re
from pathlib import Path

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway
from tessera.frameworks.sheets.write import write_sheet

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "python.md").read_text(encoding="utf-8")


def test_the_example_at_the_top_makes_a_pdf(tmp_path, monkeypatch):
    framework = find_framework("mipex-2015", 1)
    points = {question.key: Answer(value=50.0) for question in framework.questions()}
    sheet = AnswerSheet("mipex-2015", 1, Pathway.FULL, "Riga", 2023, True, points)
    target = tmp_path / "riga-2023.xlsx"
    write_sheet(framework, pathway=Pathway.FULL, language="en", target=target, answers=sheet)

    example = re.search(r"```python\n(.+?)```", PAGE, re.DOTALL).group(1)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "python.md", "exec"), {})  # the page itself is under test

    assert (tmp_path / "riga-2023.pdf").read_bytes().startswith(b"%PDF-")
