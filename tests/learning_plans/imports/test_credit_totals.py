from __future__ import annotations

from datetime import date

import pytest

from learning_plans.models import CreditLine, OldTotal
from tests.factories import LicenceFactory, TeacherFactory
from tests.importing import NOW, loaded, planned, problems, totals

pytestmark = pytest.mark.django_db

ROW = {
    "staff_id": "0042",
    "jurisdiction": "WA",
    "type": "Professional",
    "required": "100",
    "counted": "64.5",
    "as_of": "2025-08-31",
}


@pytest.fixture
def teacher():
    return TeacherFactory(staff_id="0042")


@pytest.fixture(autouse=True)
def licence(teacher):
    return LicenceFactory(teacher=teacher, valid_from=date(2022, 7, 1), valid_until=date(2027, 6, 30))


def test_totals_are_kept_beside_the_record_and_enter_none(licence):
    assert totals(loaded("credit_totals", [ROW]).plan) == {"created": 1}
    row = OldTotal.objects.get()
    assert (row.licence, row.as_of, row.required, row.counted) == (licence, date(2025, 8, 31), 100, 64.5)
    assert not CreditLine.objects.exists()

    assert totals(loaded("credit_totals", [ROW, ROW]).plan) == {"unchanged": 2}


def test_a_corrected_total_is_compared_anew():
    loaded("credit_totals", [ROW])
    OldTotal.objects.update(compared_at=NOW, result="same")

    assert totals(loaded("credit_totals", [ROW]).plan) == {"unchanged": 1}
    assert OldTotal.objects.get().compared_at == NOW
    assert totals(loaded("credit_totals", [ROW | {"counted": 70}]).plan) == {"updated": 1}
    assert OldTotal.objects.get().compared_at is None
    assert OldTotal.history.count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"staff_id": "42"}, "staff_id"),
        ({"type": "Principal"}, "type"),
        ({"as_of": "2022-06-30"}, "type"),
        ({"as_of": "2025-11-04"}, "as_of"),
        ({"counted": "-1"}, "counted"),
        ({"counted": ""}, "counted"),
        ({"required": "many"}, "required"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_field(changed, field):
    assert list(problems(planned("credit_totals", [ROW | changed]))) == [(2, field)]


def test_the_license_is_the_one_that_was_valid_on_the_day(teacher, licence):
    before = LicenceFactory(teacher=teacher, valid_from=date(2017, 7, 1), valid_until=date(2022, 6, 30))
    rows = [ROW | {"as_of": day} for day in ("2022-06-30", "2022-07-01")]
    loaded("credit_totals", rows)

    assert list(OldTotal.objects.order_by("as_of").values_list("licence", flat=True)) == [before.pk, licence.pk]


def test_rows_that_differ_about_one_day_must_agree():
    assert list(problems(planned("credit_totals", [ROW, ROW | {"counted": 1}]))) == [(3, None)]
