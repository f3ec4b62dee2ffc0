"""A questionnaire as long as none that is shipped, to see what a page of many answers costs."""

from contextlib import contextmanager

from tessera.frameworks import load

BIG = "big"
OPTIONS = ["options:", '  yes: "Yes"', "  partly: Partly", '  no: "No"']


@contextmanager
def big_framework(folder, *, areas=25, questions=20):
    """While it lasts, the shipped definitions and `BIG`, version 1, with so many questions in each area."""
    for shipped in load.DEFINITIONS.iterdir():
        if shipped.is_dir():
            (folder / shipped.name).symlink_to(shipped)
    _write(folder / BIG / "1", areas, questions)
    before = load.DEFINITIONS
    load.DEFINITIONS = folder
    load.find_framework.cache_clear()
    try:
        yield load.find_framework(BIG, 1)
    finally:
        load.DEFINITIONS = before
        load.find_framework.cache_clear()


def _write(folder, areas, questions):
    structure = [f"id: {BIG}", "version: 1", "published: 2026-11-22", "min_coverage: 0.5"]
    structure += ["languages: [en]", "areas:"]
    texts = ["title: A long questionnaire", "description: Made for tests.", "native_review: no", "areas:"]
    asked = []
    for area in range(areas):
        structure += [f"  - key: area-{area}", "    weight: 1", "    questions:"]
        texts += [f"  area-{area}:", f"    title: Area {area}", f"    about: What area {area} is about."]
        for number in range(questions):
            key = f"question-{area}-{number}"
            structure += [f"      - key: {key}", "        type: yes-partly-no", "        kind: input"]
            structure += ["        weight: 1", "        pathway: core", "        evidence: wished"]
            asked += [f"  {key}:", f"    text: Is there a plan number {number} for area {area}?"]
            asked += ["    help: A plan that the council has adopted.", "    why: A plan is a promise."]
    folder.mkdir(parents=True)
    (folder / load.STRUCTURE_FILE).write_text("\n".join([*structure, ""]), encoding="utf-8")
    (folder / "text.en.yaml").write_text(
        "\n".join([*texts, *OPTIONS, "questions:", *asked, ""]), encoding="utf-8"
    )
    (folder / load.SOURCE_FILE).write_text("# Source\n\nMade for tests.\n", encoding="utf-8")
