import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "panels.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_page_says(capsys):
    example, printed = re.search(r"```python\n(.+?)```\n\n```text\n(.+?)```", PAGE, re.DOTALL).groups()
    exec(compile(example, "panels.md", "exec"), {})  # the page itself is under test
    assert capsys.readouterr().out == printed
