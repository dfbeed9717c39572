"""Saved exports."""

from __future__ import annotations

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from pd_tracker.reports.models import NamedExport
from tests.factories.people import UserFactory


class NamedExportFactory(DjangoModelFactory):
    class Meta:
        model = NamedExport

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Export {n + 1}")
    kind = "workbook"
    made_at = factory.LazyFunction(timezone.now)
