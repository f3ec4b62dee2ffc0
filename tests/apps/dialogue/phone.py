"""Somebody's phone that runs no script: it reads pages, follows links, and sends forms as they stand."""

from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from lxml import html


class Page:
    """What came back."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.root = html.document_fromstring(response.content.decode()) if response.content else None

    @property
    def words(self):
        """What stands in the middle of it, in one line."""
        [main] = self.root.xpath("//main")
        for hidden in main.xpath(".//*[@hidden]"):
            hidden.drop_tree()
        return " ".join(main.text_content().split())

    def find(self, path):
        return self.root.xpath(path)

    def links(self):
        """Addresses in the middle of the page, by their words."""
        return {" ".join(a.text_content().split()): a.get("href") for a in self.root.xpath("//main//a")}

    def form(self, end=""):
        """The form whose address ends so."""
        [form] = [
            form for form in self.root.xpath("//main//form") if (form.get("action") or "").endswith(end)
        ]
        return form

    @property
    def statement(self):
        """The key of the statement that is asked about."""
        return int(dict(self.form("/vote/").form_values())["statement"])


class Phone:
    def __init__(self, consultation, language="en", **headers):
        self.slug, self.language = consultation.slug, language
        self.client = Client(headers={"User-Agent": "A phone", **headers})

    def url(self, name, *about, **query):
        path = reverse(f"take_part:{name}", args=[self.slug, self.language, *about])
        return f"{path}?{urlencode(query)}" if query else path

    def open(self, name, *about, **query):
        return self.visit(self.url(name, *about, **query))

    def visit(self, url):
        return Page(self.client.get(url, follow=True))

    def send(self, form, url, **pressed):
        """Fill a form in, press a button, and follow to where that leads."""
        filled = {**dict(form.form_values()), **pressed}
        return Page(self.client.post(form.get("action") or url, filled, follow=True))

    def vote(self, choice, page=None):
        """Answer the statement that is asked, or the one on a page; the next page."""
        page = page or self.open("statement")
        return self.send(page.form("/vote/"), None, choice=str(choice))

    def write(self, text, **pressed):
        """Say something of one's own."""
        page = self.open("say")
        return self.send(page.form("/say/"), None, text=text, **pressed)

    def enter(self, code):
        return self.send(self.open("code").form(), self.url("code"), code=code)

    @property
    def cookies(self):
        """Those that are still kept, by name."""
        return {name: cookie.value for name, cookie in self.client.cookies.items() if cookie.value}

    @property
    def code(self):
        [code] = self.cookies.values()
        return code
