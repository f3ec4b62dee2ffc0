import re
from pathlib import Path

from tessera.frameworks.load import check_definition, load_framework

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "add-a-framework.md").read_text(encoding="utf-8")


def test_the_framework_of_the_page_is_in_order(tmp_path):
    structure, texts = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
    folder = tmp_path / "newcomers" / "1"
    folder.mkdir(parents=True)
    (folder / "framework.yaml").write_text(structure, encoding="utf-8")
    (folder / "text.en.yaml").write_text(texts, encoding="utf-8")
    (folder / "SOURCE.md").write_text("# Source\n\nInvented for the documentation.\n", encoding="utf-8")

    assert [str(complaint) for complaint in check_definition(folder)] == []
    questions = [question.key for question in load_framework(folder).questions()]
    assert questions == ["welcome-office", "welcome-languages"]
