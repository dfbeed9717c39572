"""What an ASGI server serves."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pd_tracker.settings")
os.environ["PD_TRACKER_SERVES"] = "pages"  # and not long work: the settings put limits on the database
application = get_asgi_application()
