"""The score of an answer's headers by the published rules of the MDN HTTP Observatory.

Source: mdn/mdn-http-observatory, src/grader/charts.js, commit 01b47110, and MDN, "HTTP Observatory: Tests
and scoring". Every site starts at 100; penalties are taken off, and bonuses count from 90 on. Left out:
redirection from http (asked apart), the preload list and subresource integrity, which only gives a bonus for
scripts of one's own and none of our pages loads one from elsewhere.
"""

import re
from http.cookies import SimpleCookie

PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIX_MONTHS = 15_768_000


def score(headers: list[tuple[str, str]]) -> int:
    modifiers = modify(headers)
    penalised = 100 + sum(value for value in modifiers.values() if value < 0)
    if penalised < 90:
        return max(0, penalised)
    return penalised + sum(value for value in modifiers.values() if value > 0)


def modify(headers: list[tuple[str, str]]) -> dict[str, int]:
    """What each test takes off or adds; header names in lower case."""
    one = dict(headers)
    policy = read_policy(one.get("content-security-policy", ""))
    return {
        "content-security-policy": judge_policy(policy),
        "cookies": judge_cookies([value for name, value in headers if name == "set-cookie"]),
        "cross-origin-resource-sharing": judge_sharing(one),
        "referrer-policy": judge_referrer(one.get("referrer-policy")),
        "strict-transport-security": judge_transport(one.get("strict-transport-security")),
        "x-content-type-options": 0 if one.get("x-content-type-options") == "nosniff" else -5,
        "x-frame-options": judge_framing(one.get("x-frame-options"), policy),
        "cross-origin-resource-policy": judge_resource_policy(one.get("cross-origin-resource-policy")),
    }


def read_policy(header: str) -> dict[str, set[str]]:
    directives = [part.split() for part in header.split(";") if part.strip()]
    return {name.lower(): set(sources) for name, *sources in directives}


def judge_policy(policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    scripts, objects = policy.get("script-src", default), policy.get("object-src", default)
    styles = policy.get("style-src", default)
    broad = {"*", "http:", "https:", "data:", "ftp:"}
    if scripts & {"'unsafe-inline'", *broad} or objects & broad:
        return -20
    if "'unsafe-eval'" in scripts:
        return -10
    if any("http:" in sources for sources in policy.values()):
        return -20
    if styles & {"'unsafe-inline'", *broad}:
        return 0
    forms_are_held = policy.get("form-action") in ({"'none'"}, {"'self'"})
    return 10 if default == {"'none'"} and forms_are_held else 5


def judge_cookies(cookies: list[str]) -> int:
    worst = 5 if cookies else 0
    for text in cookies:
        for name, cookie in SimpleCookie(text).items():
            is_session = "sess" in name.lower()
            if not cookie["secure"]:
                worst = min(worst, -40 if is_session else -20)
            if is_session and not cookie["httponly"]:
                worst = min(worst, -30)
            if not cookie["samesite"]:
                worst = min(worst, -20 if "csrf" in name.lower() else 0)
            elif cookie["samesite"] not in ("Strict", "Lax"):
                worst = min(worst, -20)
    return worst


def judge_sharing(one: dict[str, str]) -> int:
    everyone = one.get("access-control-allow-origin") not in (None, "*")
    return -50 if everyone and one.get("access-control-allow-credentials") == "true" else 0


def judge_referrer(value: str | None) -> int:
    if value is None:
        return 0
    return 5 if value in PRIVATE_REFERRERS else -5


def judge_transport(value: str | None) -> int:
    age = re.search(r"max-age=(\d+)", value or "")
    if not age:
        return -20
    return 0 if int(age[1]) >= SIX_MONTHS else -10


def judge_framing(value: str | None, policy: dict[str, set[str]]) -> int:
    if policy.get("frame-ancestors", {"*"}) <= {"'none'", "'self'"}:
        return 5
    return 0 if value in ("DENY", "SAMEORIGIN") else -20


def judge_resource_policy(value: str | None) -> int:
    if value is None or value == "cross-origin":
        return 0
    return 10 if value in ("same-origin", "same-site") else -5
