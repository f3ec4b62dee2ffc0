"""Signing in as a person does it, and the codes that their phone would show."""

import base64
import hmac
import json
import re
import struct
import time

from fido2 import cbor

PASSWORD = "seven grey herons wait"


def sign_in(client, email="ilze@example.org", password=PASSWORD, **more):
    return client.post("/en/account/sign-in/", {"login": email, "password": password, **more})


def is_signed_in(client):
    return client.get("/en/account/").status_code == 200


def app_code(key, steps=0):
    """RFC 6238: the code of this half minute, or of so many half minutes later."""
    moment = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(key), moment, "sha1").digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def confirm_password(client, then):
    return client.post(f"/en/account/confirm/?next={then}", {"password": PASSWORD})


def set_up_app(client):
    """Returns the key that the app now holds, and the page with the recovery codes."""
    page = "/en/account/second-step/app/"
    confirm_password(client, page)
    key = re.search(r"<code>([A-Z2-7]+)</code>", client.get(page).content.decode())[1]
    done = client.post(page, {"code": app_code(key)}, follow=True)
    return key, done.content.decode()


def recovery_codes(page):
    return re.findall(r"<code>(\d{8})</code>", page)


def link_in(mail):
    """The address that a mail asks to open, without the host."""
    return re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]


def without_token(page):
    """A page's bytes, but for what guards its form and differs every time."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def describe_passkey(identity):
    """What a browser answers when a passkey is made (WebAuthn, 5.1 and 6.5), with a key of no use."""

    def text(content):
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    key = cbor.encode({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)})
    flags = b"\x45"
    data = bytes(32) + flags + bytes(4) + bytes(16) + struct.pack(">H", len(identity)) + identity + key
    said = {"type": "webauthn.create", "challenge": "AQ", "origin": "http://testserver"}
    return {
        "type": "public-key",
        "id": text(identity),
        "rawId": text(identity),
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": text(json.dumps(said).encode()),
            "attestationObject": text(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": [],
        },
    }
