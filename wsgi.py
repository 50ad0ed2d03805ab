"""The WSGI entry point: `granian --interface wsgi wsgi:app`, `gunicorn wsgi:app` or `flask --app wsgi run`."""

import os

from survey.app import create_app
from survey.settings import Settings

app = create_app(Settings.from_environment(os.environ))
