"""Ask a production site for some addresses, in a process of its own: settings are read once per process.

    python tests/project/ask_production.py https://host/path ...

Prints a JSON list with the status, the headers and the size of the body of each answer.
"""

import json
import os
import sys
from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application


def ask(application, address: str) -> dict[str, object]:
    parts = urlsplit(address)
    answer: dict[str, object] = {}

    def start_response(status, headers, exc_info=None):
        answer.update(address=address, status=int(status[:3]), headers=[[k.lower(), v] for k, v in headers])

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.hostname,
        "HTTP_ACCEPT_ENCODING": "br, gzip",
        "HTTP_ACCEPT_LANGUAGE": "lv,en;q=0.5",
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    body = application(environ, start_response)
    answer["size"] = sum(len(chunk) for chunk in body)
    return answer


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tessera.project.settings"
    settings.ROOT_URLCONF = "tests.project.urls_with_a_fault"
    site = get_wsgi_application()
    print(json.dumps([ask(site, address) for address in sys.argv[1:]]))
