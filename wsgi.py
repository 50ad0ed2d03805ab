"""The WSGI entry point: `granian --interface wsgi wsgi:app`, `gunicorn wsgi:app` or `flask --app wsgi run`."""

import os

from survey.app import create_app
from survey.demo.mark import refuse_demo_records
from survey.settings import Settings

settings = Settings.from_environment(os.environ)
app = create_app(settings)
refuse_demo_records(settings, app.extensions["database"])
