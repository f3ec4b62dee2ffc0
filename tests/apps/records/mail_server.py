"""A mail server on the loopback that takes every mail and keeps it. It knows just enough of RFC 5321."""

import email
import email.policy
import re
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage


@dataclass(frozen=True)
class ArrivedMail:
    sender: str
    recipients: list[str]
    message: EmailMessage


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 ready")
        sender, recipients = "", []
        while line := self.rfile.readline():
            command = line.decode().strip()
            match command[:4].upper():
                case "MAIL":
                    sender, recipients = _address(command), []
                    self.say("250 ok")
                case "RCPT":
                    recipients.append(_address(command))
                    self.say("250 ok")
                case "DATA":
                    self.say("354 go on")
                    message = email.message_from_bytes(self.read_data(), policy=email.policy.default)
                    self.server.mails.append(ArrivedMail(sender, recipients, message))
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 ok")

    def read_data(self):
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line[1:] if line.startswith(b".") else line for line in lines)

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.port = self.server_address[1]
        self.mails = []


def _address(command):
    return re.search(r"<(.*?)>", command)[1]


@contextmanager
def running_mail_server():
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
