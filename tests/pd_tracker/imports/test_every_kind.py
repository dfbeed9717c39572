"""What holds for every kind of import: each row is counted once, and both databases end with the same rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning_plans.models import Completion, Course, CreditLine
from pd_tracker.imports.catalogue import importers
from teachers.models import Assignment, Employment, KpiValue, Pairing, School, SchoolYearProfile, Teacher
from tests.importing import NOW, loaded, planned, totals

pytestmark = pytest.mark.django_db

PERSON = {"given_name": "Ana", "family_name": "Reyes", "employment_start": "2019-08-19"}
DONE = {"course_code": "PD-101"}
FILES = {
    "schools": [
        {"school_id": "0101", "name": "Cedar", "opened_on": "1998-08-24", "school_year": "2024-25", "enrollment": 420},
        {"school_id": "0102", "name": "Birch\tGrove", "successor_school_id": "0101", "closed_on": "2020-06-30"},
    ],
    "roster": [
        PERSON | {"staff_id": "0042", "school_id": "0101", "subject": "Mathematics", "fte": "0.5", "birth_year": 1980},
        PERSON | {"staff_id": "0043", "given_name": "José", "school_id": "0102", "employment_end": "2020-06-30"},
    ],
    "frameworks": [
        {"framework": "Ours", "code": "PD-101", "name": "Planning"},
        {"framework": "Ours", "code": "PD-102", "name": "Goals", "parent_code": "PD-101", "identifier": "g"},
    ],
    "courses": [{"code": "PD-101", "title": "Reading", "minutes": 360, "cost": "45.5", "provider": "County Office"}],
    "completions": [
        {
            "staff_id": "0042",
            "course_code": "PD-101",
            "completed_on": "2025-10-06",
            "hours": "1.5",
            "fund": "Title I-A",
        },
        {
            "staff_id": "0043",
            "course_code": "PD-101",
            "completed_on": "2019-10-07",
            "hours": "6",
            "external_key": "A\\N",
        },
    ],
    "kpi_values": [
        {"kpi": "growth", "school_year": "2024-25", "level": "teacher", "staff_id": "0042", "value": "52.4", "n": 24},
        {"kpi": "growth", "school_year": "2024-25", "level": "school", "school_id": "0101", "value": "*"},
    ],
    "licences": [
        {"staff_id": "0042", "jurisdiction": "NY", "type": "Initial", "valid_from": "2020-08-19", "rule_pack": ""},
        {"staff_id": "0043", "jurisdiction": "NY", "type": "Initial", "valid_from": "2015-02-28", "number": "007"},
    ],
    "credit_totals": [
        {"staff_id": "0042", "jurisdiction": "NY", "type": "Initial", "counted": "64.5", "as_of": "2025-08-31"},
        {"staff_id": "0043", "jurisdiction": "ny", "type": "INITIAL", "counted": 0, "as_of": "2025-08-31"},
    ],
    "pairings": [{"coach_email": "coach@alder.example", "staff_id": "0042", "from": "2024-08-19"}],
}
# Cells that are right, doubtful and wrong, by heading; any other heading has its own example and nonsense.
CELLS = {
    "staff_id": ["0042", "0043", "9"],
    "school_id": ["0101", "0102", "7"],
    "successor_school_id": ["0101", "0102", ""],
    "code": ["PD-101", "PD-102"],
    "framework": ["Ours", "Theirs"],
    "parent_code": ["PD-101", "PD-102", "X", ""],
    "course_code": ["PD-101", "pd-101", "X"],
    "coach_email": ["coach@alder.example", "nobody@alder.example", "no address"],
    "level": ["teacher", "school", "district", "elementary"],
    "kpi": ["growth", "attendance", "x"],
    "school_year": ["2024-25", "2024-26", ""],
    "external_key": ["", "A1"],
    "rule_pack": ["", "NY-CTLE", "x"],
    "type": ["Initial", "initial", ""],
    "jurisdiction": ["NY"],
}
DAYS = ["2019-08-19", "2020-06-30", "2025-10-06", "10/06/2025", ""]


@pytest.fixture
def coach(django_user_model):
    return django_user_model.objects.create(email="coach@alder.example", name="Coach")


@pytest.fixture
def everything(coach):
    for kind, rows in FILES.items():
        assert totals(loaded(kind, rows).plan) == {"created": len(rows)}


def cells_of(field) -> list[object]:
    if field.key in CELLS:
        return CELLS[field.key]
    return DAYS if field.parse.__name__ == "day" else ["", "", str(field.example), "1", "-1 x"]


@st.composite
def files(draw, kind: str):
    fields = importers()[kind].fields
    row = st.fixed_dictionaries({field.key: st.sampled_from(cells_of(field)) for field in fields})
    near = st.sampled_from(FILES[kind]).map(lambda given: {field.key: given.get(field.key, "") for field in fields})
    return draw(st.lists(st.one_of(row, near), min_size=1, max_size=8))


@pytest.mark.parametrize("kind", FILES)
def test_every_row_is_created_updated_unchanged_or_rejected(kind, everything):
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(rows=files(kind))
    def counted(rows):
        plan = planned(kind, rows)
        counts = plan.totals()
        assert counts["created"] + counts["updated"] + counts["unchanged"] + counts["rejected"] == len(rows)

    counted()


def test_rows_beside_a_rejected_one_about_the_same_person_are_counted_as_well(everything):
    first, _second = FILES["roster"]

    plan = planned("roster", [first, first | {"school_id": "none", "subject": "Art"}, first | {"subject": "Music"}])

    assert totals(plan) == {"rejected": 3}
    told = {problem.row: problem.message for problem in plan.problems}
    assert told[3] == "there is no school none; load the schools first, or correct the id"
    assert told[2] == told[4] == "row 3 about the same person is rejected; the rows of a person are taken together"


@pytest.mark.parametrize("kind", FILES)
def test_the_same_file_again_leaves_every_row_unchanged(kind, everything):
    again = loaded(kind, FILES[kind])

    assert (again.done, totals(again.plan)) == (True, {"unchanged": len(FILES[kind])})


def test_both_databases_end_with_the_same_rows(everything, coach):
    def rows(model, *names):
        return list(model.objects.order_by("pk").values_list(*names))

    nobody, half = None, Decimal("0.500")
    assert rows(School, "school_id", "name", "opened_on", "closed_on", "successor__school_id") == [
        ("0101", "Cedar", date(1998, 8, 24), None, None),
        ("0102", "Birch Grove", None, date(2020, 6, 30), "0101"),
    ]
    assert rows(SchoolYearProfile, "school__school_id", "school_year__label", "title_i", "enrollment") == [
        ("0101", "2024-25", None, 420)
    ]
    assert rows(Teacher, "staff_id", "given_name", "email", "birth_year", "experience_years", "user") == [
        ("0042", "Ana", "", 1980, None, None),
        ("0043", "José", "", None, None, None),
    ]
    assert rows(Employment, "teacher__staff_id", "started_on", "ended_on", "fte", "position") == [
        ("0042", date(2019, 8, 19), None, half, "classroom_teacher"),
        ("0043", date(2019, 8, 19), date(2020, 6, 30), Decimal(1), "classroom_teacher"),
    ]
    assert rows(Assignment, "school__school_id", "subject", "fte", "ended_on") == [
        ("0101", "Mathematics", half, None),
        ("0102", "", Decimal(1), date(2020, 6, 30)),
    ]
    assert rows(Course, "code", "minutes", "cost", "provider__name", "state", "approved_from") == [
        ("PD-101", 360, Decimal("45.50"), "County Office", "approved", None)
    ]
    assert rows(
        Completion, "completed_on", "minutes", "fund", "external_key", "recorded_at", "recorded_by", "state"
    ) == [
        (date(2025, 10, 6), 90, "Title I-A", "", NOW, nobody, "approved"),
        (date(2019, 10, 7), 360, "", "A\\N", NOW, nobody, "approved"),
    ]
    assert rows(CreditLine, "unit", "amount") == [("hour", Decimal("1.500")), ("hour", Decimal("6.000"))]
    assert rows(KpiValue, "level", "student_group", "value", "n", "sd", "suppressed_at_source") == [
        ("school", "all", None, None, None, True),
        ("teacher", "all", Decimal("52.400000"), 24, None, False),
    ]
    assert rows(Pairing, "coach", "started_on", "ended_on") == [(coach.pk, date(2024, 8, 19), None)]
    trail = {(made.history_type, made.history_date, made.history_user_id) for made in Completion.history.all()}
    assert trail == {("+", datetime(2025, 11, 3, 9, 30, tzinfo=UTC), None)}
