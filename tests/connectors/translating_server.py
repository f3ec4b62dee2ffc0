"""A server on the loopback that answers as LibreTranslate 1.6 does, or fails in one of its ways.

It turns the words round, so that what it says is never what it was given.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tessera.connectors.translation import LibreTranslate


def turned(text):
    return text[::-1]


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, asked))
        self.server.behaviour(self, asked)

    def do_GET(self):
        self.server.asked.append((self.path, None))
        self.say(200, {"translatedText": "Followed."})

    def say(self, status, said):
        self.send(status, json.dumps(said, ensure_ascii=False).encode())

    def send(self, status, body, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        # Whoever asked may be gone by now.
        try:
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *_):
        """Nothing is written beside the results of the tests."""


def translate(answer, asked):
    answer.say(200, {"translatedText": turned(asked["q"])})


def refuse(status, error):
    return lambda answer, asked: answer.say(status, {"error": error})


def say_bytes(body, status=200, **headers):
    return lambda answer, asked: answer.send(status, body, **headers)


def wait(seconds):
    def behave(answer, asked):
        time.sleep(seconds)
        translate(answer, asked)

    return behave


def drip(pieces, pause):
    """A byte now and then: never so long a pause that the socket gives up."""

    def behave(answer, asked):
        answer.send_response(200)
        answer.send_header("Content-Length", str(pieces))
        answer.end_headers()
        try:
            for _ in range(pieces):
                answer.wfile.write(b" ")
                answer.wfile.flush()
                time.sleep(pause)
        except ConnectionError:
            answer.close_connection = True

    return behave


def hang_up(answer, asked):
    answer.close_connection = True


def take_only(*targets):
    """Some languages, and for the others the words that LibreTranslate has for this."""

    def behave(answer, asked):
        if asked["target"] in targets:
            translate(answer, asked)
        else:
            answer.say(400, {"error": f"{asked['target']} is not supported"})

    return behave


class TranslatingServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked = []
        """Path and body of each request."""
        self.behaviour = translate

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def client(self, *, key="", seconds=5.0):
        return LibreTranslate(self.url, key, seconds)


@contextmanager
def running_translating_server():
    with TranslatingServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
