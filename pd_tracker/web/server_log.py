"""What gunicorn has to say goes the way of all lines: `gunicorn --logger-class pd_tracker.web.server_log.ServerLog`."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger


class ServerLog(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
