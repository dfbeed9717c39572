"""Person-years as columns of numbers, worked out beforehand. Employments, posts, leaves and training stay the truth."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonYearStore(models.Model):
    """What the person-years of a district were worked out from; where any of it is other now, they are not read."""

    district = models.OneToOneField(
        "teachers.District", on_delete=models.CASCADE, related_name="+", verbose_name=_("district")
    )
    made_at = models.DateTimeField(_("made"))
    as_of = models.DateField(_("day of the newest roster"))
    records_begin_on = models.DateField(_("records of leavers begin on"), null=True)
    school_years = models.JSONField(_("days of the school years"))
    schools = models.BinaryField(_("schools, by their numbers"))
    schools_digest = models.CharField(_("what was known of the schools"), max_length=64)
    contents = models.JSONField(_("sizes of the parts and types of their columns"))

    class Meta:
        verbose_name = _("stored person-years")
        verbose_name_plural = _("stored person-years")

    def __str__(self) -> str:
        return f"{self.district}, {self.as_of}"


class PersonYearPart(models.Model):
    """Some thousand people and all their years; every column is one array, as `facts.columns` packs it."""

    store = models.ForeignKey(
        PersonYearStore, on_delete=models.CASCADE, related_name="parts", db_index=False, verbose_name=_("store")
    )
    place = models.PositiveIntegerField(_("place"))
    subjects = models.JSONField(_("names of the subjects"))
    # Of each person
    people = models.BinaryField(_("teachers"))
    born = models.BinaryField(_("years of birth"))
    experience = models.BinaryField(_("experience at the first hire"))
    first_census = models.BinaryField(_("years of the first census"))
    # Of each person and year, in the order of both
    teacher = models.BinaryField(_("places of the teachers"))
    year = models.BinaryField(_("school years"))
    school = models.BinaryField(_("places of the main schools"))
    subject = models.BinaryField(_("places of the subjects"))
    thousandths = models.BinaryField(_("thousandths of FTE"))
    tenure = models.BinaryField(_("tenure"))
    status = models.BinaryField(_("statuses a year later"))
    completions = models.BinaryField(_("completions"))
    minutes = models.BinaryField(_("minutes"))
    minutes_before = models.BinaryField(_("minutes the year before"))
    minutes_two_before = models.BinaryField(_("minutes two years before"))
    first_minutes = models.BinaryField(_("minutes of the first year"))
    until_december = models.BinaryField(_("minutes of new teachers until December 31"))
    # Of each employment that no census saw
    short_teacher = models.BinaryField(_("places of the teachers of short spells"))
    short_year = models.BinaryField(_("school years of short spells"))
    short_school = models.BinaryField(_("schools of short spells"))

    class Meta:
        verbose_name = _("part of stored person-years")
        verbose_name_plural = _("parts of stored person-years")
        constraints = [models.UniqueConstraint(fields=["store", "place"], name="person_year_part_once")]

    def __str__(self) -> str:
        return f"{self.store}: {self.place}"
