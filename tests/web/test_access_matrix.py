"""Every address of the site, asked by every standing person: who gets the page, and who does not.

The addresses come from the site's own list, so that a new one without a row here fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.builders import SCORES
from tests.people import make_person
from tests.web.things import person_of, rows_with_things

pytestmark = pytest.mark.django_db

EVERYBODY = ("visitor", "mihai", "ilze", "andris", "chiara", "nuria", "piotr", "greta", "jonas", "aino")
SIGNED_IN = EVERYBODY[1:]
COORDINATOR = ("mihai",)
ELSEWHERE = ("aino",)
"""Coordinates another network, without a city."""
RIGA = ("ilze",)
OFFICERS = ("ilze", "chiara", "jonas")


@dataclass(frozen=True)
class Row:
    """An address, and who may open it; all others who are signed in get ``else_``, a visitor the sign-in."""

    name: str
    may: tuple[str, ...]
    about: tuple[str, ...] = ()
    """Keys of `things`, or words, that the address names."""
    else_: int = 403
    visitor: int = 302
    found: int = 200
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)

    def expected(self, who: str) -> int:
        if who in self.may:
            return self.found
        return self.visitor if who == "visitor" else self.else_


REVIEW = ("riga", SCORES, "2023")
PUBLISHED = ("review", "report", "sheet", "profile", "findings-file")
QUERY = ("query about education",)
CONSULTED = ("arriving", "en")
PREPARED = ("ready", "en")
TO_READ = (
    *("begin", "say", "answers", "code", "finish", "withdraw", "help", "statement", "next"),
    *("about-me", "decisions", "decisions-file", "picture"),
)
KEEPERS = (*RIGA, "andris")
"""Of Riga's consultation: its officer, and the facilitator whom she chose."""
HEARERS = (*KEEPERS, "nuria")
"""Who reads what is said in its rooms: they, and the expert who took on the review that it is about."""
SEERS = (*HEARERS, *COORDINATOR)
RESULTS = ("page", "file", "print", "open-data")
ROWS = [
    # Public: everybody, and nobody needs to be known.
    *(Row(name, EVERYBODY) for name in ("web:home", "web:cities", "web:about", "web:accessibility")),
    *(Row(name, EVERYBODY, ("riga",)) for name in ("web:city", "web:thread")),
    *(Row(f"review:{name}", EVERYBODY, REVIEW) for name in PUBLISHED),
    # Graz has a validated review that it did not publish.
    *(Row(f"review:{name}", (), ("graz", SCORES, "2023"), else_=404, visitor=404) for name in PUBLISHED),
    Row("review:published-profile", EVERYBODY, (*REVIEW, "1")),
    Row("review:published-profile", (), ("graz", SCORES, "2023", "1"), else_=404, visitor=404),
    Row("review:published-file", EVERYBODY, ("riga", SCORES, "2026", "published file")),
    Row(
        "review:published-file",
        (),
        ("riga", SCORES, "2024", "evidence in education"),
        else_=404,
        visitor=404,
    ),
    Row("review:area", EVERYBODY, (SCORES, "2023", "education")),
    # On a developer's machine alone.
    *([Row("design", EVERYBODY)] if settings.DESIGN_PAGE else []),
    Row("review:questionnaires", EVERYBODY),
    Row("review:questionnaire", EVERYBODY, (SCORES, "1")),
    # Residents: whoever has the address, signed in or not, once the consultation is open.
    Row("take_part:choose-language", EVERYBODY, CONSULTED[:1]),
    Row("take_part:choose-language", (), PREPARED[:1], else_=404, visitor=404),
    Row("take_part:own-link", EVERYBODY, ("arriving", "token for one person"), found=303),
    Row("take_part:own-link", EVERYBODY, ("arriving", "no-such-token")),
    Row("take_part:own-link", (), ("ready", "no-such-token"), else_=404, visitor=404),
    Row("take_part:trial-link", (), ("ready", "no-such-token"), else_=404, visitor=404),
    *(Row(f"take_part:{name}", EVERYBODY, CONSULTED) for name in TO_READ),
    *(Row(f"take_part:{name}", (), PREPARED, else_=404, visitor=404) for name in TO_READ),
    Row("take_part:report", EVERYBODY, (*CONSULTED, "statement of the city")),
    Row("take_part:report", (), (*CONSULTED, "statement that waits"), else_=404, visitor=404),
    # A form in which nothing stands.
    Row("take_part:vote", (), CONSULTED, method="post", else_=422, visitor=422),
    Row("take_part:similar", EVERYBODY, CONSULTED, method="post"),
    Row("take_part:anew", EVERYBODY, CONSULTED, method="post", found=303),
    *(
        Row(f"take_part:{name}", (), PREPARED, method="post", else_=404, visitor=404)
        for name in ("vote", "similar", "anew", "about-me")
    ),
    # Nobody here holds a code: neither is there anything that one said, nor a statement of one's own.
    Row(
        "take_part:about-me",
        (),
        CONSULTED,
        method="post",
        data={"take-back": "1"},
        else_=409,
        visitor=409,
    ),
    *(
        Row("take_part:appeal", EVERYBODY, (*CONSULTED, "statement that waits"), found=303, method=method)
        for method in ("get", "post")
    ),
    *(
        Row(
            "take_part:appeal",
            (),
            (*PREPARED, "statement that waits"),
            else_=404,
            visitor=404,
            method=method,
        )
        for method in ("get", "post")
    ),
    # Results: for everybody, once all votes are counted; before, the page says when they come.
    *(Row(f"results:{name}", EVERYBODY, ("over",)) for name in RESULTS),
    Row("results:page", EVERYBODY, ("arriving",)),
    *(Row(f"results:{name}", (), ("arriving",), else_=404, visitor=404) for name in RESULTS[1:]),
    *(Row(f"results:{name}", (), ("ready",), else_=404, visitor=404) for name in RESULTS),
    Row("results:themes", EVERYBODY, ("summed-up",)),
    *(Row("results:themes", (), (slug,), else_=404, visitor=404) for slug in ("arriving", "ready")),
    # Members of a panel: whoever has the link of one, as long as their consultation is public.
    Row("take_part:panel-link", EVERYBODY, ("heard", "token of a member"), found=303),
    Row("take_part:panel", EVERYBODY, ("heard", "token of a member", "en")),
    Row("take_part:panel", (), ("heard", "token of a member", "ar"), else_=404, visitor=404),
    *(
        Row(name, (), (slug, token, *language), else_=404, visitor=404)
        for name, language in (("take_part:panel-link", ()), ("take_part:panel", ("en",)))
        for slug, token in (("arriving", "no-such-token"), ("arriving", "token of a member"))
    ),
    # One's own account: signing in is for visitors, all else for those who did.
    Row("account_login", ("visitor",), else_=302),
    Row("account_reset_password", EVERYBODY),
    Row("account_reset_password_done", EVERYBODY),
    Row("account_reset_password_from_key", EVERYBODY, ("1", "wrong-key")),
    Row("account_reset_password_from_key_done", EVERYBODY),
    Row("account_inactive", EVERYBODY),
    Row("accounts:invitation", (), ("no-such-token",), else_=404, visitor=404),
    Row("accounts:leave_notices", (), ("no-such-token",), else_=404, visitor=404),
    Row("accounts:leave_notices", EVERYBODY, ("notices of andris",)),
    Row("account_logout", SIGNED_IN, visitor=302),
    *(
        Row(name, SIGNED_IN)
        for name in (
            "accounts:own",
            "accounts:change_name",
            "accounts:change_language",
            "accounts:change_notices",
            "account_email",
            "usersessions_list",
            "mfa_index",
        )
    ),
    # Work.
    Row("web:work", SIGNED_IN),
    Row("web:whole-thread", SIGNED_IN, ("riga",)),
    Row("network:people", COORDINATOR + ELSEWHERE + OFFICERS),
    Row("network:add-person", COORDINATOR + ELSEWHERE + OFFICERS),
    Row("network:person", COORDINATOR + RIGA, ("person in riga",), else_=403),
    Row("network:person", (*COORDINATOR, "chiara"), ("person in ravenna",), else_=403),
    Row("network:add-role", COORDINATOR + RIGA, ("person in riga",)),
    Row("network:end-role", COORDINATOR + RIGA, ("role in riga",)),
    Row("network:end-role", COORDINATOR, ("role in the network",)),
    Row("network:invite-again", COORDINATOR + RIGA, ("person in riga",), method="post", found=302),
    Row("network:cities", COORDINATOR + ELSEWHERE),
    Row("network:add-city", COORDINATOR + ELSEWHERE),
    Row("network:edit-city", COORDINATOR, ("riga",)),
    Row("network:edit-city", (), ("graz",)),
    Row("network:add-figure", COORDINATOR, ("riga",)),
    Row("network:add-figure", (), ("graz",)),
    Row("network:trail", RIGA, ("riga",)),
    Row("network:trail", ("chiara",), ("ravenna",)),
    Row("network:organisations", COORDINATOR + ELSEWHERE),
    Row("network:add-organisation", COORDINATOR + ELSEWHERE),
    Row("network:edit-organisation", COORDINATOR, ("institute",)),
    Row("network:add-representation", COORDINATOR, ("institute",)),
    Row("network:end-representation", COORDINATOR, ("representation",)),
    Row("network:join-city", COORDINATOR + ELSEWHERE),
    Row("network:end-membership", COORDINATOR, ("membership of riga",)),
    Row("network:edit-figure", COORDINATOR, ("figure of riga",)),
    Row("network:edit-figure", (), ("figure of graz",)),
    Row("network:withdraw-invitation", COORDINATOR + RIGA, ("person in riga",), method="post", found=302),
    Row("network:ties", ("nuria",)),
    Row("network:add-tie", ("nuria",)),
    Row("network:end-tie", ("nuria",), ("tie of nuria",), else_=404),
    # Cycles, for those who coordinate the network.
    Row("review:cycles", COORDINATOR + ELSEWHERE),
    Row("review:open-cycle", COORDINATOR + ELSEWHERE),
    Row("review:cycle", COORDINATOR, ("cycle of riga",)),
    Row("review:add-cities", COORDINATOR, ("cycle of riga",)),
    Row("review:remind-late", COORDINATOR, ("cycle of riga",), method="post", found=302),
    Row("review:extend-review", COORDINATOR, ("review of riga",)),
    Row("review:take-out", COORDINATOR, ("review of riga",)),
    # Cities side by side: for the coordinator, for the expert who checks there, and for cities that agreed.
    *(
        Row(f"review:{name}", (*COORDINATOR, *RIGA, "nuria"), ("compared cycle", *about), else_=404)
        for name, about in (
            ("comparison", ()),
            ("compared-area", ("education",)),
            ("comparison-sheet", ()),
        )
    ),
    Row("review:comparison", COORDINATOR, ("cycle of riga",), else_=404),
    *(
        Row(f"review:{name}", RIGA, (about,), else_=404, method="post", found=302)
        for name in ("agree-to-comparison", "end-comparison")
        for about in ("review of riga", "compared review of riga")
    ),
    # Answers, for the city's officers and for whoever has the area.
    Row("review:tasks", RIGA, ("review of riga",), else_=404),
    *(
        Row(f"review:{name}", (*RIGA, "andris"), ("review of riga", "education"), else_=404)
        for name in ("area-to-fill", "presence")
    ),
    *(
        Row(f"review:{name}", RIGA, ("review of riga", "health"), else_=404)
        for name in ("area-to-fill", "presence")
    ),
    *(
        Row(
            f"review:{name}",
            (*RIGA, "andris"),
            ("review of riga", "education"),
            else_=404,
            method="post",
            found=302,
        )
        for name in ("complete-area", "reopen-area")
    ),
    Row(
        "review:question",
        (*RIGA, "andris"),
        ("review of riga", "education", "education-score"),
        else_=404,
    ),
    Row("review:question", RIGA, ("review of riga", "health", "health-score"), else_=404),
    # Evidence: Andris adds to the answers of his area; a piece and its file go to whoever has the answer.
    Row(
        "review:add-evidence",
        (*RIGA, "andris"),
        ("review of riga", "education", "education-score"),
        else_=404,
    ),
    Row("review:add-evidence", RIGA, ("review of riga", "health", "health-score"), else_=404),
    Row(
        "review:change-evidence",
        (*RIGA, "andris"),
        ("review of riga", "education", "education-score", "evidence in education"),
        else_=404,
    ),
    Row(
        "review:change-evidence",
        RIGA,
        ("review of riga", "health", "health-score", "evidence in health"),
        else_=404,
    ),
    Row(
        "review:drop-evidence",
        RIGA,
        ("review of riga", "health", "health-score", "evidence in health"),
        else_=404,
        method="post",
        found=302,
    ),
    Row("review:evidence-file", (*RIGA, "andris"), ("review of riga", "evidence in education"), else_=404),
    Row("review:evidence-file", RIGA, ("review of riga", "evidence in health"), else_=404),
    # All answers at once. To sign, one comes from there; a receipt comes once they are sent.
    Row("review:check-answers", RIGA, ("review of riga",), else_=404),
    *(
        Row(f"review:{name}", RIGA, ("review of riga",), else_=404)
        for name in ("sheets", "download-answers", "download-empty-sheet", "download-form")
    ),
    Row("review:take-over-sheet", RIGA, ("review of riga", "sheet of ilze"), else_=404),
    *(
        Row(f"review:{name}", RIGA, ("review of riga",), else_=404, found=302)
        for name in ("sign", "receipt", "withdraw-submission")
    ),
    # Experts, whom the coordinator asks; and what they read and judge.
    Row("review:experts", COORDINATOR, ("review of riga",)),
    Row("review:release-expert", COORDINATOR, ("appointment of nuria",), method="post", found=302),
    Row("review:appointment", ("nuria",), ("appointment of nuria",), else_=404),
    Row("review:board", (), ("review of riga",), else_=404),
    Row("review:board", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:analysis", (), ("review of riga",), else_=404),
    Row("review:analysis", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:judge", ("nuria",), ("returned review of riga", "education-score"), else_=404),
    Row("review:check-answers", (*RIGA, *COORDINATOR, "nuria"), ("returned review of riga",), else_=404),
    *(
        Row(
            f"review:{name}",
            ("nuria",),
            ("returned review of riga", about),
            else_=404,
            method="post",
            found=302,
        )
        for name, about in (
            ("verify-area", "health"),
            ("unverify-area", "health"),
            ("open-answer", "health-score"),
            ("shut-answer", "health-score"),
        )
    ),
    Row("review:phrases", ("nuria",)),
    # Queries: experts ask, the city replies. Riga's review of 2025 is returned with one about Andris's area.
    Row("review:inbox", SIGNED_IN),
    Row("review:queries", RIGA, ("review of riga",), else_=404),
    Row("review:queries", (*RIGA, "nuria"), ("returned review of riga",), else_=404),
    Row("review:query", (*RIGA, "nuria", "andris"), QUERY, else_=404),
    Row(
        "review:settle-query",
        ("nuria",),
        QUERY,
        method="post",
        data={"act": "withdraw"},
        found=302,
    ),
    Row("review:return-review", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:send-back", RIGA, ("returned review of riga",), else_=404),
    # Findings, which the experts write; the city reads the draft that it is shown.
    Row("review:findings", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:findings", (), ("review of riga",), else_=404),
    Row("review:new-finding", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:finding", ("nuria",), ("returned review of riga", "finding about education"), else_=404),
    *(
        Row(
            f"review:{name}",
            ("nuria",),
            ("returned review of riga", "finding about education"),
            else_=404,
            method="post",
            data=data,
            found=302,
        )
        for name, data in (("drop-finding", {}), ("move-finding", {"way": "up"}))
    ),
    Row("review:draft", (*RIGA, "nuria"), ("returned review of riga",), else_=404),
    Row("review:draft", (), ("review of riga",), else_=404),
    Row(
        "review:show-draft",
        ("nuria",),
        ("returned review of riga",),
        else_=404,
        method="post",
        data={"message": "Please read."},
        found=302,
    ),
    Row(
        "review:reply-to-draft",
        RIGA,
        ("returned review of riga",),
        else_=404,
        method="post",
        data={"text": "We see."},
        found=400,
    ),
    Row("review:validate", ("nuria",), ("returned review of riga",), else_=404),
    Row("review:publish", RIGA, ("returned review of riga",), else_=404),
    # It leads on to the page before until the review is validated.
    Row("review:publish-preview", RIGA, ("returned review of riga",), else_=404, found=302),
    # What is published stays, and its city corrects it or withdraws a file. Riga published a review of 2026.
    Row("review:published", RIGA, ("published review of riga",), else_=404),
    Row("review:published", (), ("returned review of riga",), else_=404),
    Row("review:begin-correction", RIGA, ("published review of riga",), else_=404),
    Row(
        "review:give-up-correction",
        RIGA,
        ("published review of riga",),
        else_=404,
        method="post",
        found=302,
    ),
    Row("review:withdraw-file", RIGA, ("published review of riga", "published file"), else_=404),
    # Areas that an officer gives to colleagues, and the personal links among them.
    Row("review:give-area", RIGA, ("review of riga", "education"), else_=404),
    Row("review:give-area", RIGA, ("review of riga", "health"), else_=404),
    Row("review:send-link-again", RIGA, ("assignment by link",), else_=404),
    Row("review:withdraw-assignment", RIGA, ("assignment by link",), else_=404),
    Row("review:withdraw-assignment", RIGA, ("assignment of andris",), else_=404),
    # Whoever is signed in as somebody else is asked to sign out first.
    Row("review:use-link", SIGNED_IN, ("token of a link",)),
    Row("review:use-link", (), ("no-such-token",), else_=404, visitor=404),
    Row("review:use-copied-link", SIGNED_IN, ("token of a link",)),
    Row("review:use-copied-link", (), ("no-such-token",), else_=404, visitor=404),
    Row("review:leave-link", EVERYBODY),
    # Consultations: the officers of the city, the facilitators whom they chose; who coordinates looks on.
    Row("dialogue:consultations", SIGNED_IN),
    Row("dialogue:new", RIGA, ("riga",)),
    *(
        Row(f"dialogue:{name}", (*KEEPERS, *COORDINATOR), ("consultation",), else_=404)
        for name in ("consultation", "qr", "poster", "who")
    ),
    *(
        Row(f"dialogue:{name}", KEEPERS, ("consultation",), else_=404)
        for name in ("change", "statements", "add-statement", "own-links")
    ),
    *(
        Row("dialogue:statement", KEEPERS, (about,), else_=404)
        for about in ("statement of the city", "statement that waits")
    ),
    Row(
        "dialogue:decide",
        KEEPERS,
        ("statement that waits",),
        else_=404,
        method="post",
        data={"act": "off-topic"},
        found=302,
    ),
    *(
        Row(f"dialogue:{name}", RIGA, (about,), else_=404)
        for name, about in (
            ("open", "prepared consultation"),
            ("close", "consultation"),
            ("facilitators", "consultation"),
        )
    ),
    # A trial of what is prepared, for those who keep it.
    Row("dialogue:trial", RIGA, ("prepared consultation",), else_=404),
    Row("dialogue:clear-trial", RIGA, ("prepared consultation",), else_=404, method="post", found=302),
    # What people are asked about themselves, until it is open; Andris was given only the one that is.
    *(
        Row(f"dialogue:{name}", RIGA, ("prepared consultation",), else_=404)
        for name in ("about", "own-question")
    ),
    Row("dialogue:about", KEEPERS, ("consultation",), else_=404),
    Row("dialogue:own-question", KEEPERS, ("consultation",), else_=404, found=302),
    Row("dialogue:change-own-question", RIGA, ("prepared consultation", "own question"), else_=404),
    Row("dialogue:change-own-question", (), ("prepared consultation", "shipped question"), else_=404),
    Row("dialogue:change-own-question", (), ("consultation", "own question"), else_=404),
    Row("dialogue:population", KEEPERS, ("consultation", "question"), else_=404),
    Row("dialogue:population", RIGA, ("prepared consultation", "shipped question"), else_=404),
    Row("dialogue:population", (), ("consultation", "shipped question"), else_=404),
    Row("dialogue:population", RIGA, ("finished consultation", "finished question"), else_=404, found=302),
    # Statements that are hidden: their language, and what their authors say to it.
    Row(
        "dialogue:set-language",
        KEEPERS,
        ("statement that waits",),
        else_=404,
        method="post",
        data={"language": "en"},
        found=302,
    ),
    Row("dialogue:appeal", RIGA, ("appeal that only ilze answers",), else_=404),
    Row("dialogue:appeal", KEEPERS, ("appeal",), else_=404),
    Row(
        "dialogue:appeal",
        RIGA,
        ("appeal that only ilze answers",),
        else_=404,
        method="post",
        data={"act": "refuse", "answer": "It names a person."},
        found=302,
    ),
    # Single votes: officers say who takes them, and only whoever was named does, once it is over.
    Row("dialogue:stewards", RIGA, ("consultation",), else_=404),
    Row("dialogue:end-stewardship", RIGA, ("stewardship",), else_=404, method="post", found=302),
    *(
        Row("dialogue:take-votes", ("andris",), (about,), else_=404)
        for about in ("finished consultation", "consultation")
    ),
    # It asks for a proof that it is really he; without a password he cannot give one.
    Row("dialogue:take-votes", ("andris",), ("finished consultation",), else_=404, method="post", found=403),
]
# Rooms, paper, themes and panels of a consultation about a review that Nuria took on; Andris facilitates it.
ROWS += [
    *(
        Row(f"dialogue:{name}", SEERS, (about,), else_=404)
        for name, about in (
            *((name, "heard consultation") for name in ("sessions", "themes", "priorities", "panels")),
            *(("session", "session"), ("theme", "theme"), ("panel", "panel"), ("panel-results", "panel")),
            ("answer", "summed up consultation"),
        )
    ),
    # It leads to the themes until these are public.
    Row("dialogue:answer", SEERS, ("heard consultation",), else_=404, found=302),
    *(
        Row(f"dialogue:{name}", HEARERS, (about,), else_=404)
        for name, about in (
            *(("notes", "session"), ("session-text", "session"), ("note", "note")),
            *((name, "heard consultation") for name in ("codebook", "codebook-file", "agreement")),
        )
    ),
    *(
        Row(f"dialogue:{name}", KEEPERS, (about,), else_=404)
        for name, about in (
            *((name, "session") for name in ("change-session", "participants", "add-participants")),
            *((name, "empty session") for name in ("delete-session", "record-consent")),
            *(("load-notes", "session"), ("remove-participant", "participant"), ("change-note", "note")),
            *(("stakeholder", "stakeholder"), ("excerpt", "excerpt"), ("code-excerpt", "excerpt")),
            *((name, "code") for name in ("code", "remove-code")),
            *((name, "theme") for name in ("change-theme", "theme-bases", "delete-theme")),
            *((name, "panel") for name in ("change-panel", "panel-items", "panel-members", "open-round")),
            *(("panel-comments", "panel with comments"), ("sheet", "sheet")),
            ("merge", "statement about riga"),
            *(
                (name, "heard consultation")
                for name in (
                    *("new-session", "consent-text", "stakeholders", "add-stakeholder", "contacts"),
                    *("coding", "disagreements", "add-code", "sheets", "print-sheets"),
                    *("new-theme", "new-panel"),
                )
            ),
        )
    ),
    # There is one language to read out in.
    Row("dialogue:assisted", KEEPERS, ("heard consultation",), else_=404, found=302),
    Row("dialogue:assist", KEEPERS, ("heard consultation", "en"), else_=404),
    Row("dialogue:assist", (), ("heard consultation", "ar"), else_=404),
    # What stands as it was asked about.
    Row("dialogue:change-panel", KEEPERS, ("running panel",), else_=404, found=302),
    Row("dialogue:change-note", KEEPERS, ("marked note",), else_=404, found=302),
    *(
        Row(f"dialogue:{name}", KEEPERS, (about,), else_=404, method="post", data=data, found=302)
        for name, about, data in (
            *(("delete-note", "note", {}), ("delete-note", "marked note", {})),
            *(("remove-excerpt", "excerpt", {}), ("take-quote-back", "excerpt", {})),
            ("excerpt-finding", "excerpt", {"finding": ""}),
            ("set-finding", "statement about riga", {"finding": ""}),
            *(("remove-stakeholder", "stakeholder", {}), ("erase-contact", "contact slip", {})),
            *(("begin-sheet-anew", "sheet", {}), ("close-round", "running panel", {})),
            ("end-panel", "panel with comments", {}),
        )
    ),
    # What the city decides.
    *(
        Row(f"dialogue:{name}", RIGA, about, else_=404)
        for name, about in (
            ("new-area", ("heard consultation",)),
            *((name, ("heard consultation", "area")) for name in ("rename-area", "remove-area")),
            ("publish-themes", ("counted consultation",)),
            ("decide-theme", ("finished theme",)),
            *((name, ("summed up consultation",)) for name in ("decide-statements", "publish-answer")),
        )
    ),
    *(
        Row(f"dialogue:{name}", RIGA, ("heard consultation",), else_=404, found=302)
        for name in ("publish-themes", "publish-answer")
    ),
]
HIDDEN = {
    # Whoever manages people, but not these, is not told whether they exist.
    "network:person": {"aino", "chiara", "ilze", "jonas"},
    "network:add-role": {"aino", "chiara", "jonas"},
    "network:end-role": {"aino", "chiara", "ilze", "jonas"},
    "network:invite-again": {"aino", "chiara", "jonas"},
    "network:withdraw-invitation": {"aino", "chiara", "jonas"},
    "network:end-membership": {"aino"},
    "network:edit-figure": {"aino", "mihai"},
    "network:edit-organisation": {"aino"},
    "network:add-representation": {"aino"},
    "network:end-representation": {"aino"},
    "review:cycle": {"aino"},
    "review:add-cities": {"aino"},
    "review:remind-late": {"aino"},
    "review:extend-review": {"aino"},
    "review:experts": {"aino"},
    "review:release-expert": {"aino"},
    "review:settle-query": {"mihai", "chiara", "piotr", "greta", "jonas", "aino"},
    "review:take-out": {"aino"},
}
"""Who gets 404 instead of 403."""

ASKED_AGAIN = {
    "account_reauthenticate",
    # A recent proof that it is really they: allauth sends everybody on to give it.
    "account_change_password",
    "account_confirm_email",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}
"""Pages of the sign-in that need more than being signed in; `tests/apps/accounts` walks them."""


@pytest.fixture(autouse=True)
def a_second_step_is_not_the_subject(settings):
    settings.SECOND_STEP_REQUIRED = False


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"


def test_every_address_has_a_row():
    names = set(_names(get_resolver()))

    assert len(names) > 50
    assert names - {row.name for row in ROWS} - ASKED_AGAIN == set()
    assert ({row.name for row in ROWS} | ASKED_AGAIN) - names == set()


def _as(who):
    client = Client()
    if who != "visitor":
        client.force_login(person_of(who))
    return client


@pytest.fixture
def address(things, row):
    return reverse(row.name, args=[things.get(each, each) for each in row.about])


@rows_with_things(ROWS)
def test_the_right_people_get_the_page_and_nobody_else_may_send_its_form(row, address):
    expected = {who: row.expected(who) for who in EVERYBODY}
    expected |= dict.fromkeys(HIDDEN.get(row.name, set()) - set(row.may), 404)
    found = {}
    for who in EVERYBODY:
        # All is undone: the next meets the same state.
        with transaction.atomic():
            answer = getattr(_as(who), row.method)(address, row.data)
            if answer.streaming:
                # Read to its end, a file is closed.
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        found[who] = answer.status_code

    assert found == expected

    if row.name.startswith(("network:", "review:", "dialogue:")) and row.method == "get":
        others = set(EVERYBODY) - set(row.may)
        sent = {who: _as(who).post(address, {}).status_code for who in others}
        # Pages that show only take nothing from anybody.
        assert sent == {who: expected[who] for who in others} or set(sent.values()) <= {302, 405}


@pytest.mark.parametrize("name", sorted(ASKED_AGAIN))
def test_a_visitor_gets_none_of_the_pages_that_ask_for_a_proof(client, name):
    args = {"mfa_edit_webauthn": [1], "mfa_remove_webauthn": [1], "account_confirm_email": ["wrong-key"]}
    answer = client.get(reverse(name, args=args.get(name)))

    if name == "account_confirm_email":
        # A link of a mail, opened where one is not signed in: it says that it does not fit.
        assert answer.status_code == 200
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/en/account/sign-in/")


@rows_with_things(ROWS)
def test_nothing_is_changed_by_a_form_from_elsewhere(row, address):
    """Without the mark of our own forms the answer is 403, or 405 where nothing can be sent at all.

    Residents' forms carry no such mark: of these, the browser says where they come from.
    """
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person(row.may[0] if row.may and row.may[0] != "visitor" else "mihai"))

    elsewhere = {"Origin": "https://elsewhere.example"} if row.name.startswith("take_part:") else {}
    expected = {403, 405} if row.may or not elsewhere else {403, 404, 405}
    assert client.post(address, row.data, headers=elsewhere).status_code in expected
