"""Forms as pyxform makes them of our XLSForms, and exports of what was answered in them."""

import csv
from dataclasses import replace

from lxml import etree
from openpyxl import Workbook
from pyxform.xls2xform import convert
from tests.frameworks.small import area, framework, question

from tessera.frameworks.schema import AreaText, QuestionText, Texts
from tessera.frameworks.when_rules import All, Any, AtLeast, AtMost, Includes, Is, Not
from tessera.frameworks.xlsforms.write import write_xlsform


def ruled_framework():
    """One area in which every kind of rule looks at every type of question that it may."""
    asked = area(
        "lens",
        question("strategy"),
        question("plan-followed", "yes-no", when=Is("strategy", ("yes", "partly"))),
        question("plan-public", "yes-no", when=Not(Is("plan-followed", ("no",)))),
        question(
            "courses",
            "multiple",
            options={"for-beginners": "1", "evening": "1", "none": "0"},
            exclusive="none",
            when=Any((Is("plan-public", ("yes",)), Is("strategy", ("no",)))),
        ),
        question("waiting", "yes-no", when=Includes("courses", ("for-beginners", "evening"))),
        question("foreign-born", "number", scale=(("0", "0"), ("100", "10"))),
        question(
            "advice",
            "yes-no",
            when=All((AtLeast("foreign-born", 10.5), Not(AtMost("foreign-born", 20.0)))),
        ),
        question("survey", "period", options={"never": "0"}, scale=(("0", "4"), ("5", "0"))),
        question("survey-late", "yes-no", when=AtLeast("survey", 3.0)),
        question("survey-fresh", "yes-no", when=AtMost("survey", 3.0)),
        question("survey-never", "yes-no", when=Is("survey", ("never",))),
        question("residence", "period", scale=(("1", "4"), ("5", "0"))),
        question("residence-long", "yes-no", when=Any((AtLeast("residence", 4.0), Is("waiting", ("yes",))))),
    )
    plain = replace(framework(asked), id="ruled", version=7)
    questions = {
        each.key: QuestionText("Text?", "Help.", "Why.", {o.key: o.key for o in each.options}, "")
        for each in plain.questions()
    }
    text = Texts("en", "Ruled", "", False, {"lens": AreaText("Lens", "About.")}, questions, {})
    return replace(plain, texts={"en": text})


class Form:
    """What pyxform makes of a form."""

    def __init__(self, path, framework, pathway, language="en"):
        write_xlsform(framework, pathway=pathway, language=language, target=path)
        self.warnings = []
        converted = convert(path, warnings=self.warnings)
        self.warnings += converted.warnings
        self.xform = etree.fromstring(converted.xform.encode())
        found = self.xform.iterfind(".//{*}bind")
        self.binds = {bind.get("nodeset"): dict(bind.attrib) for bind in found}
        self.paths = {path.rpartition("/")[2]: path for path in self.binds}

    def bind(self, name):
        return self.binds[self.paths[name]]

    def fields(self):
        """What a submission holds, with the groups before the name."""
        return [path.removeprefix("/data/") for path in self.binds if "/meta" not in path]

    def choices(self, name):
        """The names in the list of a field."""
        (field,) = self.xform.xpath(f"//*[@ref='{self.paths[name]}']")
        (items,) = field.xpath(".//*[local-name() = 'itemset']/@nodeset")
        (instance,) = self.xform.xpath(f"//*[local-name() = 'instance'][@id='{items.split(chr(39))[1]}']")
        return [name.text for name in instance.iterfind(".//{*}item/{*}name")]

    def filled(self, values):
        """A program with the form open, and some fields filled: by name."""
        root = etree.Element("data")
        for path in self.binds:
            place = root
            for step in path.split("/")[2:]:
                if place.find(step) is None:
                    etree.SubElement(place, step)
                place = place.find(step)
            place.text = values.get(path.rpartition("/")[2], "")
        return Filled(self, root)


class Filled:
    def __init__(self, form, root):
        self.form, self.root = form, root
        self.functions = {
            (None, "selected"): lambda _, at, choice: choice in at[0].text.split(),
            (None, "count-selected"): lambda _, at: float(len(at[0].text.split())),
        }

    def shows(self, name):
        return self._holds(name, "relevant")

    def takes(self, name):
        return self._holds(name, "constraint")

    def _holds(self, name, condition):
        rule = self.form.bind(name).get(condition)
        if rule is None:
            return True
        (at,) = self.root.xpath(self.form.paths[name])
        return bool(etree.XPathEvaluator(at, extensions=self.functions)(rule))


def in_form(question, value):
    """The fields of an answer; written anew, not with the writer's own names."""
    name = question.key.replace("-", "_")
    if isinstance(value, float):
        if question.type == "number":
            return {name: repr(value)}
        return {f"{name}__years": repr(value)} | ({name: "years"} if question.options else {})
    keys = value if isinstance(value, tuple) else (value,)
    return {name: " ".join(key.replace("-", "_") for key in keys)}


KOBO_ASIDE = {
    "__version__": "vH9PZ4",
    "_id": "512",
    "_uuid": "0a6f",
    "_submission_time": "2026-03-02T09:15:00",
    "_validation_status": "",
    "_index": "1",
}


def table(form, *submissions, groups="/", before_option="/", several="both"):
    """The headings and rows of an export.

    Submissions give the values by the fields' names. ``groups`` is the sign between the names of groups,
    empty where they are left out; ``several`` says how several choices are shown: in the summary column, in a
    detail column for each, or both.
    """
    headings, cells = [], []
    for path in form.fields():
        name = path.rpartition("/")[2]
        heading = path.replace("/", groups) if groups else name
        multiple = bool(form.xform.xpath(f"//*[local-name() = 'select'][@ref='{form.paths[name]}']"))
        if not multiple or several in ("both", "summary"):
            headings.append(heading)
            cells.append((name, None))
        if multiple and several in ("both", "details"):
            for choice in form.choices(name):
                headings.append(f"{heading}{before_option}{choice}")
                cells.append((name, choice))
    rows = [
        [_shown(submission.get(name, ""), choice) for name, choice in cells] for submission in submissions
    ]
    return [headings, *rows]


def _shown(value, choice):
    if choice is None or not value:
        return value
    return "1" if choice in value.split() else "0"


def kobo_csv(path, table):
    """As KoboToolbox writes it: in UTF-8, everything in quotes, parted by semicolons."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows(_with_asides(table))
    return path


def central_csv(path, table):
    """As ODK Central writes it: parted by commas, quotes where they are needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["SubmissionDate", *table[0], "KEY"])
        writer.writerows(["2026-03-02T09:15:00.000Z", *row, "uuid:0a6f"] for row in table[1:])
    return path


def kobo_xlsx(path, table):
    """As KoboToolbox writes it: one tab named after the form, all cells texts."""
    book = Workbook()
    book.active.title = "Intercultural review"
    for number, row in enumerate(_with_asides(table), 1):
        for column, value in enumerate(row, 1):
            cell = book.active.cell(number, column)
            cell.value = value or None
            if value:
                cell.data_type = "s"
    book.save(path)
    return path


def _with_asides(table):
    return [[*table[0], *KOBO_ASIDE], *([*row, *KOBO_ASIDE.values()] for row in table[1:])]
