from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from learning_plans.models import DistrictPack
from teachers.models import Licence
from tests.factories import DistrictFactory, LicenceFactory, TeacherFactory
from tests.importing import loaded, planned, problems, totals

pytestmark = pytest.mark.django_db

ROW = {
    "staff_id": "0042",
    "jurisdiction": "NY",
    "type": "Professional",
    "number": "007",
    "issued_on": "2022-06-14",
    "valid_from": "2022-07-01",
    "valid_until": "2027-06-30",
    "endorsements": "Mathematics; ESOL",
    "rule_pack": "ny-ctle",
}


@pytest.fixture(autouse=True)
def teacher():
    return TeacherFactory(staff_id="0042")


def test_a_license_is_added_with_its_history(teacher):
    applied = loaded("licences", [ROW])

    assert totals(applied.plan) == {"created": 1}
    held = Licence.objects.get()
    assert (held.teacher, str(held), held.number, held.issued_on) == (
        teacher,
        "NY Professional",
        "007",
        date(2022, 6, 14),
    )
    assert (held.ends_on, held.endorsement_names, held.rule_pack) == (
        date(2027, 6, 30),
        ("Mathematics", "ESOL"),
        "NY-CTLE",
    )
    assert held.history.get().history_type == "+"


def test_the_same_file_again_changes_nothing_however_it_is_cased():
    loaded("licences", [ROW])

    assert totals(loaded("licences", [ROW | {"jurisdiction": "ny", "type": "PROFESSIONAL"}]).plan) == {"unchanged": 1}
    assert totals(loaded("licences", [ROW, ROW]).plan) == {"unchanged": 2}


def test_a_license_is_corrected_and_a_missing_column_changes_nothing():
    loaded("licences", [ROW])

    short = {name: ROW[name] for name in ("staff_id", "jurisdiction", "type", "valid_from")}
    applied = loaded("licences", [short | {"valid_until": "", "endorsements": "Physics"}])

    assert totals(applied.plan) == {"updated": 1}
    held = Licence.objects.get()
    assert (held.valid_until, held.endorsements, held.number, held.rule_pack) == (None, "Physics", "007", "NY-CTLE")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"staff_id": "42"}, "staff_id"),
        ({"jurisdiction": ""}, "jurisdiction"),
        ({"type": ""}, "type"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "1920-01-01"}, "valid_from"),
        ({"valid_from": "2023-02-29"}, "valid_from"),
        ({"valid_until": "2022-06-30"}, "valid_until"),
        ({"rule_pack": "NY-CTEL"}, "rule_pack"),
        ({"endorsements": "x" * 401}, "endorsements"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_field(changed, field):
    applied = loaded("licences", [ROW | changed])

    assert list(problems(applied.plan)) == [(2, field)]
    assert not Licence.objects.exists()


def test_rules_of_the_district_are_known_and_those_of_another_are_not(teacher):
    DistrictPack.objects.create(district=teacher.district, code="Ours", title="Ours", based_on="none", owner="HR")
    DistrictPack.objects.create(district=DistrictFactory(name="B"), code="X", title="X", based_on="none", owner="HR")

    assert totals(planned("licences", [ROW | {"rule_pack": "ours"}], district="Alder Valley")) == {"created": 1}
    found = problems(planned("licences", [ROW | {"rule_pack": "X"}], district="Alder Valley"))
    assert found[2, "rule_pack"].startswith("there are no renewal rules X; leave it empty, or use one of: CA-clear")


def test_a_leap_day_begins_and_ends_a_license():
    rows = [
        ROW | {"valid_from": "2020-02-29", "valid_until": "2024-02-28"},
        ROW | {"valid_from": "2024-02-29", "valid_until": "2029-02-28"},
    ]
    assert totals(loaded("licences", rows).plan) == {"created": 2}
    assert totals(loaded("licences", rows).plan) == {"unchanged": 2}

    early = ROW | {"valid_from": "2024-02-28", "valid_until": "2024-02-28"}
    assert list(problems(planned("licences", [early]))) == [(2, "valid_from")]


@pytest.mark.parametrize(
    ("first", "last", "is_taken"),
    [
        ("2027-07-01", "2032-06-30", True),
        ("2027-06-30", "2032-06-30", False),
        ("2017-07-01", "2022-06-30", True),
        ("2017-07-01", "2022-07-01", False),
        ("2020-01-01", "", False),
        ("2023-01-01", "2023-12-31", False),
    ],
)
def test_licenses_of_one_state_and_type_may_not_overlap(first, last, is_taken):
    other = ROW | {"valid_from": first, "valid_until": last}
    for stored in (True, False):
        if stored:
            loaded("licences", [ROW])
        plan = planned("licences", [other] if stored else [ROW, other])
        assert plan.can_apply == is_taken
        Licence.objects.all().delete()

    assert planned("licences", [ROW, other | {"type": "Principal"}]).can_apply


def test_one_file_may_end_a_license_and_begin_the_next():
    loaded("licences", [ROW])
    rows = [ROW | {"valid_from": "2026-01-01", "valid_until": "2030-12-31"}, ROW | {"valid_until": "2025-12-31"}]

    assert totals(loaded("licences", rows).plan) == {"created": 1, "updated": 1}


def test_rows_that_differ_about_one_license_must_agree():
    plan = planned("licences", [ROW, ROW | {"number": "8"}])

    assert problems(plan) == {(3, None): "row 2 says something else about the same thing; make them agree"}


def test_other_systems_headings_are_understood(teacher):
    row = {
        "Employee ID": "0042",
        "Issuing State": "NY",
        "Credential": "Initial",
        "Effective Date": "2022-07-01",
        "Expiration Date": "2027-06-30",
    }
    fields = dict(zip(row, ("staff_id", "jurisdiction", "type", "valid_from", "valid_until"), strict=True))
    assert totals(loaded("licences", [row], mapping=fields).plan) == {"created": 1}


def test_the_number_of_queries_does_not_depend_on_the_rows(django_assert_max_num_queries):
    loaded("licences", [ROW])
    rows = [ROW | {"staff_id": TeacherFactory().staff_id} for _number in range(30)]

    with django_assert_max_num_queries(16):
        loaded("licences", rows)


@pytest.mark.postgres_only
def test_the_database_refuses_what_slips_past(teacher):
    assert connection.vendor == "postgresql"
    LicenceFactory(teacher=teacher, valid_from=date(2022, 7, 1), valid_until=date(2027, 6, 30))
    LicenceFactory(teacher=teacher, valid_from=date(2027, 7, 1), valid_until=None)
    with pytest.raises(IntegrityError, match="licences_do_not_overlap"), transaction.atomic():
        LicenceFactory(teacher=teacher, licence_type="PROFESSIONAL", valid_from=date(2030, 7, 1))
