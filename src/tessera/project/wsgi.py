import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

from tessera.web.outage import limit_waits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tessera.project.settings")

application = get_wsgi_application()

# Here and not in the settings, which migrations and jobs read as well.
connection_created.connect(limit_waits)

# Public pages sign nothing: a server without a key would start, and fail at its first form. Reading an empty
# key raises ImproperlyConfigured.
assert settings.SECRET_KEY
