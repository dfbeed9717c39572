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
    school_years = models.JSONField(_("school years"))
    schools = models.BinaryField(_("schools"))
    schools_digest = models.CharField(_("digest of the schools"), max_length=64)
    contents = models.JSONField(_("contents"))

    class Meta:
        verbose_name = _("stored person-years")
        verbose_name_plural = _("stored person-years")

    def __str__(self) -> str:
        return f"{self.district}, {self.as_of}"


class PersonYearPart(models.Model):
    """Some thousand people and all their years; every column is one array, as `facts.columns` packs it.

    No page shows these columns, so they have no names but those that `facts.parts` knows them by.
    """

    store = models.ForeignKey(
        PersonYearStore,
        on_delete=models.CASCADE,
        related_name="parts",
        db_index=False,
        verbose_name=_("stored person-years"),
    )
    place = models.PositiveIntegerField()
    subjects = models.JSONField()
    # Of each person
    people = models.BinaryField()
    born = models.BinaryField()
    experience = models.BinaryField()
    first_census = models.BinaryField()
    # Of each person and year, in the order of both
    teacher = models.BinaryField()
    year = models.BinaryField()
    school = models.BinaryField()
    subject = models.BinaryField()
    thousandths = models.BinaryField()
    tenure = models.BinaryField()
    status = models.BinaryField()
    completions = models.BinaryField()
    minutes = models.BinaryField()
    minutes_before = models.BinaryField()
    minutes_two_before = models.BinaryField()
    first_minutes = models.BinaryField()
    until_december = models.BinaryField()
    # Of each employment that no census saw
    short_teacher = models.BinaryField()
    short_year = models.BinaryField()
    short_school = models.BinaryField()

    class Meta:
        verbose_name = _("part of stored person-years")
        verbose_name_plural = _("parts of stored person-years")
        constraints = [models.UniqueConstraint(fields=["store", "place"], name="person_year_part_once")]

    def __str__(self) -> str:
        return f"{self.store}: {self.place}"
