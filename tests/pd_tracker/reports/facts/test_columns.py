"""Arrays come back from the database as they went in."""

from __future__ import annotations

import numpy as np
import pytest

from pd_tracker.reports.facts.columns import packed, unpacked


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.float64])
@pytest.mark.parametrize("values", [[], [3, -1, 100]])
def test_numbers_and_their_type_are_kept(kind, values):
    column = np.array(values, dtype=kind)
    for stored in (packed(column), memoryview(packed(column))):
        found = unpacked(stored)
        assert found.dtype == kind
        np.testing.assert_array_equal(found, column)
