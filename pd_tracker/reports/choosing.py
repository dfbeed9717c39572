"""The parameters that several reports share, and what they leave of the person-years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.reports.facts.calendar import level_options, school_options, year_options
from pd_tracker.reports.facts.person_years import PersonYears
from pd_tracker.reports.parameters import Parameter, read_school_year
from pd_tracker.reports.snapshots import SETTLED_DAYS
from pd_tracker.reports.wording import day, year_label, year_range

YEAR = Parameter("year", gettext_lazy("School year"), year_options, read=read_school_year)
SCHOOL = Parameter(
    "school", gettext_lazy("School"), school_options, other_names=("school_id",), empty=gettext_lazy("All schools")
)
LEVEL = Parameter("level", gettext_lazy("School level"), level_options, empty=gettext_lazy("All levels"))

OTHER_WORDS = {
    "experience_band": "experience",
    "title1": "title_i",
    "dose_band": "dose",
    "band": "dose",
    "none": "year",
    "all": "year",
}


def group_by(*choices: tuple[str, object]) -> Parameter:
    keys = {key for key, _label in choices}
    return Parameter(
        "group_by",
        gettext_lazy("Group by"),
        choices,
        empty=gettext_lazy("Everybody together"),
        other_names=("group",),
        other_words={word: key for word, key in OTHER_WORDS.items() if key in keys},
    )


BY_YEAR = ("year", gettext_lazy("School year"))
BY_SCHOOL = ("school", gettext_lazy("School"))
BY_LEVEL = ("level", gettext_lazy("School level"))
BY_SUBJECT = ("subject", gettext_lazy("Subject"))
BY_EXPERIENCE = ("experience", gettext_lazy("Years of experience"))
BY_DOSE = ("dose", gettext_lazy("Training in the first year"))
BY_TITLE_I = ("title_i", gettext_lazy("Title I"))


def at_places(facts: PersonYears, parameters: Mapping[str, str]) -> PersonYears:
    """The person-years at the chosen school or level."""
    school, level = parameters.get("school"), parameters.get("level")
    chosen = {
        made.pk
        for made in facts.schools
        if made.is_own and school in {None, made.school_id} and level in {None, made.level}
    }
    return facts.at_schools(chosen) if school or level else facts


def in_year(facts: PersonYears, parameters: Mapping[str, str]) -> PersonYears:
    year = parameters.get("year")
    return facts.only(facts.rows.year == int(year[:4])) if year else facts


def nobody(facts: PersonYears, parameters: Mapping[str, str]) -> str:
    """Why there is nobody to count, or "" when there is somebody."""
    if facts.as_of is None:
        return _("No roster has been loaded yet, so there is nobody to count.")
    if not len(facts.rows):
        return _("No classroom teacher stands in any snapshot that you can see with these choices.")
    year = parameters.get("year")
    if year and int(year[:4]) not in facts.rows.year:
        return _("There is no snapshot for {year}; there are snapshots for {range}.").format(
            year=year, range=year_range(facts.rows.year.tolist())
        )
    return ""


def too_early(facts: PersonYears, parameters: Mapping[str, str]) -> str:
    """Why nobody's next year is known yet, or "" when somebody's is."""
    rows = in_year(facts, parameters).rows
    if not facts.as_of or rows.observed.any():
        return ""
    first = parameters.get("year") or year_label(rows.year.max())
    due = facts.census_on(int(first[:4]) + 1) + timedelta(days=SETTLED_DAYS)
    return _(
        "Who stayed after {year} is known once a roster made on or after {due} is loaded; the newest is of {as_of}."
    ).format(year=first, due=day(due), as_of=day(facts.as_of))


def records_may_begin_late(facts: PersonYears, years: Sequence[int] | None = None) -> list[str]:
    """A warning when years are shown that lie before the first end of employment on record; default is all observed."""
    if years is None:
        years = np.flatnonzero(np.bincount(facts.rows.year[facts.rows.observed])).tolist()
    early = [year for year in years if not facts.first_end or facts.census_on(year + 1) <= facts.first_end]
    if not early:
        return []
    if facts.first_end is None:
        return [_("No end of employment is on record, so nobody can be seen leaving. Were leavers loaded?")]
    return [
        _(
            "No employment on record ends before {day}. If records of leavers only begin then, {range} shows too many "
            "people staying; set the day from which leavers are known in the district's settings."
        ).format(day=day(facts.first_end), range=year_range(early))
    ]
