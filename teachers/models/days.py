"""Days and spans that can be meant; a slip of the finger like the year 9999 is refused where it is typed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST, LAST = date(1950, 1, 1), date(2100, 12, 31)
WORDS = _("Choose a day from 1950 to 2100.")
PLAUSIBLE_DAY = [MinValueValidator(FIRST, WORDS), MaxValueValidator(LAST, WORDS)]
PLAUSIBLE_MOMENT = [
    MinValueValidator(datetime(1950, 1, 1, tzinfo=UTC), WORDS),
    MaxValueValidator(datetime(2100, 12, 31, tzinfo=UTC), WORDS),
]
TEN_YEARS = [MaxValueValidator(3_650, _("At most 3,650 days, ten years."))]
A_YEAR = [MaxValueValidator(366, _("At most 366 days."))]
