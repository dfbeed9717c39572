"""Whole numbers of many rows, read as columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from pd_tracker.reports.estimators.groups import Ints

CHUNK = 50_000


def columns(rows: QuerySet[Any], width: int) -> Ints:
    """Shape (width, rows). No object is made per row: a state has millions."""
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return np.zeros((width, 0), dtype=np.int64)
    behind_a_pool = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    with connection.cursor() if behind_a_pool else connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        parts = [np.array(part, dtype=np.int64) for part in iter(lambda: cursor.fetchmany(CHUNK), [])]
    return np.concatenate([np.zeros((0, width), dtype=np.int64), *parts]).T
