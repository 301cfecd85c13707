"""The site as a web process has loaded it before anybody asks for anything."""

import tempfile
from pathlib import Path

from marketplace import create_app
from tests.conftest import test_settings

HEAVY = {"caldav", "cryptography.fernet", "lxml", "recurring_ical_events", "radicale"}
with tempfile.TemporaryDirectory() as folder:
    app = create_app(test_settings(Path(folder)))
