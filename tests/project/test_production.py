"""What a production site sends, asked over its real WSGI application with collected static files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.project import observatory

ROOT = Path(__file__).parents[2]
HOST = "https://tessera.example.org"
REVIEW = f"{HOST}/en/cities/examplebridge/reviews/intercultural-review/2026"
DOWNLOADS = ("PDF", "spreadsheet", "download")


@pytest.fixture(scope="session")
def environment(tmp_path_factory) -> dict[str, str]:
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("TESSERA_", "DATABASE"))
    }
    return {
        **bare,
        "DJANGO_SETTINGS_MODULE": "tessera.project.settings",
        "TESSERA_SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "TESSERA_ALLOWED_HOSTS": "tessera.example.org",
        "TESSERA_CONTACT_EMAIL": "tessera@example.org",
        "TESSERA_EMAIL_URL": "smtp+tls://user:password@mail.example.org",
        "TESSERA_DATA_DIR": str(tmp_path_factory.mktemp("site")),
        "PYTHONPATH": str(ROOT),
    }


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def answers(environment) -> dict[str, dict]:
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        done = run(environment, "manage.py", *command, "--verbosity", "0")
        assert done.returncode == 0, done.stderr
    published = run(environment, "tests/project/publish_a_review.py")
    assert published.returncode == 0, published.stderr
    manifest = json.loads((Path(environment["TESSERA_DATA_DIR"]) / "static/staticfiles.json").read_text())
    addresses = {
        "page": f"{HOST}/en/about/",
        "static file": f"{HOST}/static/{manifest['paths']['web/tessera.css']}",
        "redirect": f"{HOST}/",
        "not found": f"{HOST}/en/nowhere/",
        "fault": f"{HOST}/fault/",
        "plain http": f"{HOST}/en/".replace("https", "http"),
        "home": f"{HOST}/en/",
        "accessibility statement": f"{HOST}/lv/accessibility/",
        "design page": f"{HOST}/en/design/",
        "city": f"{HOST}/lv/cities/examplebridge/",
        "review": f"{REVIEW}/",
        "PDF": f"{REVIEW}/report.pdf",
        "spreadsheet": f"{REVIEW}/answers.xlsx",
        "download": f"{REVIEW}/profile.json",
    }
    asked = run(environment, "tests/project/ask_production.py", *addresses.values())
    assert asked.returncode == 0, asked.stderr
    return dict(zip(addresses, json.loads(asked.stdout), strict=True))


def test_the_deployment_check_has_nothing_to_say(environment):
    checked = run(environment, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout


@pytest.mark.parametrize(
    "missing", ["TESSERA_SECRET_KEY", "TESSERA_ALLOWED_HOSTS", "TESSERA_CONTACT_EMAIL", "TESSERA_EMAIL_URL"]
)
def test_the_deployment_check_misses_what_a_site_needs(environment, missing):
    poorer = {name: value for name, value in environment.items() if name != missing}
    assert run(poorer, "manage.py", "check", "--deploy", "--fail-level", "WARNING").returncode != 0


def test_a_server_without_a_key_does_not_start(environment):
    keyless = {name: value for name, value in environment.items() if name != "TESSERA_SECRET_KEY"}
    started = run(keyless, "-c", "import tessera.project.wsgi")
    assert started.returncode != 0
    assert "SECRET_KEY setting must not be empty" in started.stderr


def test_the_settings_can_be_read_without_any_environment():
    bare = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    assert run(bare, "-c", "import tessera.project.settings").returncode == 0


KINDS = {
    "page": 200,
    "review": 200,
    "static file": 200,
    "redirect": 302,
    "not found": 404,
    "fault": 500,
    "PDF": 200,
    "spreadsheet": 200,
    "download": 200,
}
# By hand from the source's table: 100 and, for the policy 10, the referrer 5, framing by the policy 5, and
# the resource policy 10.
FULL_MARKS = 130


@pytest.mark.parametrize(("kind", "status"), KINDS.items())
def test_every_kind_of_answer_has_full_marks_for_its_headers(answers, kind, status):
    assert answers[kind]["status"] == status
    modifiers = observatory.modify(answers[kind]["headers"])
    assert {test: value for test, value in modifiers.items() if value < 0} == {}
    assert observatory.score(answers[kind]["headers"]) == FULL_MARKS


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_switches_off_what_no_page_asks_for(answers, kind):
    headers = dict(answers[kind]["headers"])
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "unsafe" not in headers["content-security-policy"]


def test_the_content_policy_allows_our_own_files_and_nothing_else(answers):
    policy = observatory.read_policy(dict(answers["page"]["headers"])["content-security-policy"])
    assert policy == {
        "default-src": {"'none'"},
        "script-src": {"'self'"},
        "style-src": {"'self'"},
        "font-src": {"'self'"},
        "img-src": {"'self'", "data:"},
        "connect-src": {"'self'"},
        "form-action": {"'self'"},
        "frame-ancestors": {"'none'"},
        "base-uri": {"'none'"},
    }


@pytest.mark.parametrize("kind", DOWNLOADS)
def test_a_file_is_saved_under_its_own_name_and_is_not_shown_in_the_page(answers, kind):
    assert dict(answers[kind]["headers"])["content-disposition"].startswith("attachment; filename=")


def test_a_bare_answer_would_fail():
    # By hand from the source's table: no policy -25, no HSTS -20, no nosniff -5, no framing rule -20.
    assert observatory.score([]) == 30


def test_an_insecure_session_cookie_would_fail():
    assert observatory.modify([("set-cookie", "sessionid=1; Path=/")])["cookies"] == -40


def test_public_pages_set_no_cookie(answers):
    for kind in answers:
        assert "set-cookie" not in dict(answers[kind]["headers"]), kind


def test_plain_http_is_sent_to_the_same_host_over_https(answers):
    assert answers["plain http"]["status"] == 301
    assert dict(answers["plain http"]["headers"])["location"] == f"{HOST}/en/"


def test_the_first_page_follows_the_language_of_the_browser(answers):
    headers = dict(answers["redirect"]["headers"])
    assert headers["location"] == "/lv/"
    assert "Accept-Language" in headers["vary"]


def test_the_page_of_components_is_not_public(answers):
    assert answers["design page"]["status"] == 404


def test_pages_and_style_sheet_keep_to_their_weight(answers, environment):
    assert dict(answers["static file"]["headers"])["content-encoding"] == "br"
    assert answers["static file"]["size"] <= 18_000
    assert dict(answers["home"]["headers"])["content-encoding"] == "gzip"
    for kind in ("home", "page", "accessibility statement", "not found", "city"):
        assert answers[kind]["size"] + answers["static file"]["size"] <= 60_000, kind


def test_static_files_are_kept_by_browsers_for_ever(answers):
    assert "immutable" in dict(answers["static file"]["headers"])["cache-control"]
