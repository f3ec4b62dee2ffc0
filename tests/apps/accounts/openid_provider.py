"""An OpenID Connect provider on the loopback, which says of a person whatever a test lets it say."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt


class Provider:
    def __init__(self):
        self.person = {"sub": "248289761001", "email": "mihai@example.org", "email_verified": True}
        self.token = {}
        """What the token says otherwise than the person's page."""
        self.answers = {}
        """Status and body in place of the right answer, by path."""
        self.asked = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, path):
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
            }
        if path == "/token":
            said = {"iss": self.url, "aud": "tessera", "exp": 4102444800, **self.person, **self.token}
            return 200, {
                "access_token": "opens the provider",
                "token_type": "Bearer",
                "id_token": jwt.encode(said, "a key that nobody ever checks here", "HS256"),
            }
        return 200, self.person


def _handler(provider):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply()

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            provider.asked.append({name: values[0] for name, values in parse_qs(body).items()})
            self.reply()

        def reply(self):
            status, said = provider.answer(urlsplit(self.path).path)
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    return Handler
