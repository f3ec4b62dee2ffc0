"""Walk the demonstration's pages, each wording of which stands between marks, and print what stands outside.

    python tests/web/pseudo_language.py

Runs in a process of its own, on a copy of the package whose Latvian catalogue holds the marked wordings: so
Django, reports and questionnaires all read it. What is data may stand unmarked: whatever a table or a
questionnaire holds, and parts of dates. Prints a JSON object of pages and of the words that are neither.
"""

import json
import re
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

LEFT, RIGHT = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}", "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"
SHOWN = {"alt", "aria-label", "aria-description", "placeholder", "title", "content", "data-label"}
"""Attributes that somebody reads or hears."""
MOST_OF_A_KIND = 2
"""Pages of one view, for one person: what differs between them is data."""
OWN = ("/lv/account/", "/lv/demo/", "/lv/desk/")
"""What is not the same for everybody."""
# What is the same in every language, and what formats and Babel write in dates and periods.
NAMES = "tessera pdf svg xlsx json html csv xlsform odk kobotoolbox sha eupl lv en english latviešu utc"
WORD = r"[^\W\d_]{2,}"
DATES = "gada gads gadi plkst"


class Page(HTMLParser):
    """What is read of a page in the page's language, as one text and those of the attributes."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
    UNREAD = {"script", "style"}

    def __init__(self, text):
        super().__init__()
        self.open, self.pieces, self.labels, self.links = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        is_foreign = given.get("lang", "lv") != "lv" or bool(self.open and self.open[-1][1])
        if tag not in self.VOID:
            self.open.append((tag, is_foreign or tag in self.UNREAD))
        self.links += [given[name] for name in ("href",) if name in given]
        if not is_foreign and (tag != "meta" or given.get("name") == "description"):
            self.labels += [given[name] for name in SHOWN & given.keys()]
            if tag == "input" and given.get("type") == "submit":
                self.labels.append(given.get("value", ""))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not (self.open and self.open[-1][1]):
            self.pieces.append(data)

    @property
    def texts(self):
        # A wording with links in it stands in several pieces between its two marks.
        return ["\n".join(self.pieces), *self.labels]


def outside_marks(text):
    depth, found = 0, []
    for sign in text:
        depth += (sign == LEFT) - (sign == RIGHT)
        if depth == 0:
            found.append(" " if sign == RIGHT else sign)
        elif depth == 1 and sign == LEFT:
            found.append("\n")
    return "".join(found)


def runs(text):
    """Of words, between other signs."""
    # A hash is no word, and neither is an address.
    text = re.sub(r"\b[0-9a-f]{32,}\b|https?://\S+", " ", text)
    for run in re.split(r"[^\w'’&/ -]|_|\d|\s{2,}|\n", text):
        words = " ".join(re.findall(WORD, run))
        if words:
            yield words.casefold()


def known_words():
    from babel import Locale
    from django.apps import apps
    from django.utils import dates, translation

    from tessera.apps.dialogue.priority_areas import shipped_areas
    from tessera.apps.network.local_text import LocalText
    from tessera.demo.data import invented
    from tessera.frameworks.load import find_framework, shipped_frameworks

    held = [NAMES, DATES, json.dumps(invented(), default=str, ensure_ascii=False)]
    with translation.override("lv"):
        for names in (dates.MONTHS, dates.MONTHS_ALT, dates.WEEKDAYS):
            held += [str(name) for name in names.values()]
    held += [str(name) for name in Locale("lv").languages.values()]
    held += [str(name) for name in Locale("lv").territories.values()]
    for model in apps.get_models():
        for row in model.objects.values():
            for value in row.values():
                held.append(str(value))
                if isinstance(value, LocalText):
                    held += [words for words in value.texts.values() if words]
    held += [words for name in shipped_areas().values() for words in name.texts.values()]
    for key in shipped_frameworks():
        framework = find_framework(*key)
        held += [repr(framework.text(language)) for language in ("en", "lv")]
    words = (word.casefold() for text in held for word in re.findall(WORD, text))
    return f" {' '.join(words)} "


def walk(client, start, within):
    """Pages and their addresses, from some on, as far as these begin as one of `within`."""
    from django.urls import Resolver404, resolve
    from django.utils import translation

    waiting, seen, kinds = deque(start), set(start), Counter()
    while waiting:
        path = waiting.popleft()
        translation.activate("lv")
        try:
            kind = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        kinds[kind] += 1
        if kinds[kind] > MOST_OF_A_KIND:
            continue
        response = client.get(path)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            for _ in response:
                pass
            continue
        if response.status_code != 200:
            continue
        page = Page(response.content.decode())
        yield path, page
        for link in page.links:
            target = urlsplit(urljoin(f"http://localhost{path}", link))
            found, _ = urldefrag(target._replace(scheme="", netloc="").geturl())
            if target.hostname == "localhost" and found.startswith(within) and found not in seen:
                seen.add(found)
                waiting.append(found)


def main():
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse
    from django.utils import translation

    from tessera.apps.accounts.models import Person
    from tessera.demo.build import build_network
    from tessera.demo.people import ABOUT

    call_command("migrate", verbosity=0)
    build_network()
    known = known_words()
    # Addresses are found under the prefix of the language that is active.
    translation.activate("lv")
    public = [reverse("web:home"), reverse("web:cities"), reverse("review:questionnaires")]
    own = [reverse("web:work")]
    walked, left = set(), {}
    for key in ["", *ABOUT]:
        client = Client(SERVER_NAME="localhost")
        if key:
            client.force_login(Person.objects.get(email__startswith=f"{key}@"))
        for path, page in walk(client, own if key else public, OWN if key else ("/lv/",)):
            walked.add(path)
            words = {
                run for text in page.texts for run in runs(outside_marks(text)) if f" {run} " not in known
            }
            if words:
                left.setdefault(path, sorted(words))
    print(json.dumps({"pages": sorted(walked), "left": left}, ensure_ascii=False))


if __name__ == "__main__":
    main()
