import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tessera.project.settings")

application = get_wsgi_application()

# Public pages sign nothing: a server without a key would start, and fail at its first form. Reading an empty
# key raises ImproperlyConfigured.
assert settings.SECRET_KEY
