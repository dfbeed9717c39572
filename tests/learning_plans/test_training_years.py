"""`manage.py training_years` says what differs, ends with 1, and puts it right when asked to."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from learning_plans.models import Completion
from tests.factories import CompletionFactory, SchoolYearFactory, TeacherFactory

pytestmark = pytest.mark.django_db


def told(*arguments):
    out = io.StringIO()
    call_command("training_years", *arguments, stdout=out)
    return out.getvalue()


def test_sums_that_agree_are_said_to(db):
    CompletionFactory()
    assert told() == "All sums agree with the completions.\n"


def test_what_differs_is_named_and_put_right_on_demand():
    teacher = TeacherFactory(staff_id="0042")
    made = CompletionFactory(teacher=teacher, completed_on=date(2025, 9, 1), minutes=60, category="Safety")
    Completion.objects.filter(pk=made.pk).update(minutes=90)
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"1 differences\. Put them right with: manage\.py training_years --repair"):
        call_command("training_years", stdout=out)
    line = (
        "0042 2025 Safety: 60 minutes in 1 completions until 2025-09-01, "
        "but completions say 90 minutes in 1 completions until 2025-09-01\n"
    )
    assert out.getvalue() == line
    assert told("--repair") == line + "1 differences were found and put right.\n"
    assert told() == "All sums agree with the completions.\n"


def test_a_year_with_other_days_than_it_was_summed_up_over_is_named():
    CompletionFactory(completed_on=date(2024, 9, 1))
    SchoolYearFactory(start=2024, starts_on=date(2024, 8, 1))
    with pytest.raises(CommandError, match="1 differences"):
        told()
    assert "2024: 2024-07-01 – 2025-06-30, but 2024-25 runs 2024-08-01 – 2025-06-30" in told("--repair")
    assert told() == "All sums agree with the completions.\n"
