"""School years that are planned for before any roster names them."""

from __future__ import annotations

from datetime import date

from teachers.actions.keeping import keep
from teachers.models import SchoolYear, User
from teachers.rules.periods import year_of


def years_to_plan(district_id: int, *, on: date) -> list[SchoolYear]:
    """The running year and those after it; where none follows, the next one is offered, not yet saved."""
    years = list(SchoolYear.objects.filter(district=district_id, ends_on__gte=on).order_by("starts_on"))
    if not any(year.starts_on > on for year in years):
        next_year = year_of(years[-1].ends_on if years else on)
        following = type(next_year)(next_year.start + 1)
        years.append(
            SchoolYear(
                district_id=district_id,
                label=following.label,
                starts_on=following.starts_on,
                ends_on=following.ends_on,
                census_on=following.census_on,
            )
        )
    return years


def kept_year(year: SchoolYear, *, actor: User) -> SchoolYear:
    """The same year as a row, whoever was first to need it."""
    if not year._state.adding:
        return year
    found: SchoolYear | None = SchoolYear.objects.filter(district=year.district_id, label=year.label).first()
    return found or keep(year, actor=actor, verb="school_year.added")
