"""The district a report is about, its school years, and what may be chosen of it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from pd_tracker.access import Capability, Reader
from teachers.models import District, RosterExtract, School, SchoolYear
from teachers.models.choices import SchoolLevelName
from teachers.querysets.people import in_reach
from teachers.rules.periods import SchoolDays, year_of


def district_of(reader: Reader) -> District | None:
    """The district a reader's reports are about; an installation serves one."""
    reach = reader.reach(Capability.REPORTS_VIEW)
    districts = District.objects.order_by("pk")
    if not reach.everything:
        of_schools = School.objects.filter(pk__in=reach.school_ids).values("district")
        districts = districts.filter(Q(pk__in=reach.district_ids) | Q(pk__in=of_schools))
    return districts.first()


def all_districts() -> list[District]:
    return list(District.objects.order_by("pk"))


def newest_roster(district: District | None) -> date | None:
    """The day after which nothing has been observed."""
    extracts = RosterExtract.objects.filter(district=district).order_by("-as_of")
    return extracts.values_list("as_of", flat=True).first()


def school_days(district: District | None, first: date, last: date) -> list[SchoolDays]:
    """Every school year from the one before `first` to the newest whose census is not after `last`."""
    years = year_of(first).start - 1, year_of(last).start
    found = SchoolYear.objects.days_of(district.pk if district else None, *years)
    return [days for days in found if days.census_on <= last]


def year_options(reader: Reader) -> list[tuple[str, str]]:
    """School years on record, the newest first."""
    labels = SchoolYear.objects.filter(district=district_of(reader)).order_by("-starts_on")
    return [(label, label) for label in labels.values_list("label", flat=True)]


def school_options(reader: Reader) -> list[tuple[str, str]]:
    """The schools a reader may ask about, by id."""
    reach = reader.reach(Capability.REPORTS_VIEW)
    schools = School.objects.filter(in_reach(reach, district="district", school="pk"), district=district_of(reader))
    return [(key, f"{name} ({key})") for key, name in schools.order_by("name", "pk").values_list("school_id", "name")]


def level_options(reader: Reader) -> list[tuple[str, str]]:
    return [(level, str(label)) for level, label in SchoolLevelName.choices]
