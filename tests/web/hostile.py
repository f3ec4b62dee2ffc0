"""Words that somebody types to do harm or by mishap, and what makes a page harmful that shows them."""

import re
from collections.abc import Iterator

from lxml import html

from tessera.apps.accounts.name import TURNING_MARKS

MARK = "qzx7"
"""Stands in every hostile word, and nowhere else."""

HOSTILE = {
    "a script": f"<script>alert('{MARK}')</script>",
    "an attribute": f"{MARK}\" autofocus onfocus={MARK}() x='' onclick='{MARK}()",
    "the end of an element": f"{MARK}</textarea></title></option></select></dd><img src=x onerror={MARK}()>",
    "a comment": f"{MARK}--><svg onload={MARK}()><!--",
    "a template": f"{MARK}{{{{ 7|add:35 }}}}{{% now 'Y' %}}${{7*6}} %(label)s {{label}} %s",
    "100,000 letters": f"{MARK} " + "ā" * 100_000,
    "turning marks": f"{MARK} \u202efdp.exe\u2066\u2067\u202b",
    "steering signs": f"{MARK}\x07\x08\x1b[31m\x7f\x85\u2028\u2029",
    "no sign at all": f"{MARK}\x00",
    "a formula": f"=cmd|'/C calc'!A0 {MARK}",
    "a formula with an at sign": f"@SUM(1+1)*cmd|{MARK}",
    "a formula with a plus": f"+1+1 {MARK}",
    "a formula with a minus": f"-1-1 {MARK}",
    "a formula behind a tab": f"\t=1+1 {MARK}\r=2",
    "half a sign": f"{MARK}\ud800\udfff\ufffe",
    "stacked signs": f"{MARK} Z\u0321\u031b\u0352\u0316a\u0489l\u0489go 👩‍👩‍👧‍👦🏳️‍🌈 \u200b\ufeff",
    "a query of a database": f"{MARK}'; DROP TABLE review_answer; -- \" OR 1=1 %00",
    "a path": f"../../../..\\..\\etc/{MARK}%2e%2e%2fpasswd",
    "the end of data": f'{MARK}"}}],\\u0000 </script><script>{{"x":[',
    "an address that runs": f"javascript:alert('{MARK}')",
    "the header of a mail": f"{MARK}\r\nBcc: all@example.org\r\n\r\n<b>",
    "an order to the printer": f'{MARK} #read("/etc/passwd") $x^2$ \\ *b* @ref <label> #panic()',
    "400 digits": "9" * 400,
    "no number": "1e999999",
}

IN_A_FORM = (
    *("a script", "an attribute", "the end of an element", "a template", "100,000 letters", "turning marks"),
    *("steering signs", "no sign at all", "half a sign", "a path", "an address that runs"),
    *("the header of a mail", "400 digits"),
)
"""One of each way to make a form fail, or the page that comes of it."""

ON_A_PAGE = (
    *("a script", "an attribute", "the end of an element", "a template", "turning marks", "steering signs"),
    *("half a sign", "a formula", "a formula behind a tab", "stacked signs", "an address that runs"),
    *("the header of a mail", "an order to the printer"),
)
"""Of those that a field may take: one of each way to do harm where it is shown."""

_RUNNING = {"script", "iframe", "object", "embed", "base", "frame", "applet"}
_ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "srcdoc"}
_RUNS = re.compile(r"[\s\x00-\x1f]*(javascript|vbscript|data(?!:image/)):", re.IGNORECASE)
_STEERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_TYPED_BY_ONESELF = re.compile(r' value="[^"]*"|<textarea[^>]*>[^<]*')
_HOLDS_ITS_DIRECTION = {"bdi", "textarea", "option", "title"}
"""Elements out of which no mark turns what stands beside them; so is any with `dir`."""


def faults_of(page: str) -> Iterator[str]:
    """What is wrong with a page, or a mail, that shows hostile words."""
    # Whoever typed such signs finds them in the field again, beside what is said against them.
    if found := _STEERS.search(_TYPED_BY_ONESELF.sub("", page)):
        yield f"a sign that steers a program: {found[0]!r}"
    for element in html.document_fromstring(page).iter():
        if isinstance(element.tag, str):
            yield from _faults_of(element)
        elif MARK in element.text:
            yield "the words are in a comment"


def _faults_of(element: html.HtmlElement) -> Iterator[str]:
    if MARK in element.tag or any(MARK in name for name in element.attrib):
        yield f"the words became markup: {element.tag} {dict(element.attrib)}"
    if element.tag in _RUNNING and MARK in html.tostring(element, encoding="unicode", with_tail=False):
        yield f"the words are in an element that runs: {element.tag}"
    for name, value in element.attrib.items():
        if name.startswith("on"):
            yield f"an event: {element.tag} {name}={value[:80]!r}"
        if name in _ADDRESSES and _RUNS.match(value):
            yield f"an address that runs: {element.tag} {name}={value[:80]!r}"
    own = "\n".join(filter(None, (element.text, *(child.tail for child in element))))
    if f"{MARK}42" in own:
        yield "the words were read as a template"
    if TURNING_MARKS & {*own} and not any(
        each.tag in _HOLDS_ITS_DIRECTION or "dir" in each.attrib
        for each in (element, *element.iterancestors())
    ):
        yield f"turns what stands beside it: {element.tag}: {own.strip()[:120]!r}"
