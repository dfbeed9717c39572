"""The product's settings for a test run: its own folder, and nothing slow that no test asks about."""

import atexit
import os
import tempfile

# Set before the product's settings are read: a test run never touches the data of the copy it runs in.
workspace = tempfile.TemporaryDirectory(prefix="pd-tracker-tests-")
atexit.register(workspace.cleanup)
os.environ["PD_TRACKER_DATA"] = workspace.name

from pd_tracker.settings import *  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, since the threads of a served site cannot share a database in memory; it need not survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

# Tests ask for today outside of requests; the districts they make live in this zone, so that both mean the same day.
TIME_ZONE = "America/Los_Angeles"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir()  # WhiteNoise warns when it is not there
LOGGING["root"]["level"] = "WARNING"
API_REQUESTS_PER_MINUTE = 1_000_000  # a test asks more often than a program may; the limit has tests of its own
