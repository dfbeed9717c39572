"""Schools and the settings of the district."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from teachers.models import District, School, SchoolYear, User
from tests.factories import (
    DistrictFactory,
    SchoolFactory,
    SchoolYearFactory,
    SchoolYearProfileFactory,
    employed,
    user_with_role,
)

Browse = Callable[[User], Client]
Cost = Callable[[Client, str], int]


@pytest.fixture
def admin_client(browse: Browse, db: None) -> Client:
    return browse(user_with_role("admin"))


@pytest.mark.parametrize(
    ("role", "schools", "district"),
    [
        ("hr", 200, 403),
        ("leader", 200, 403),
        ("principal", 200, 403),
        ("admin", 403, 200),
        ("coach", 403, 403),
        ("teacher", 403, 403),
    ],
)
def test_schools_are_for_who_answers_for_them_and_settings_for_administrators(
    browse: Browse, hill: School, role: str, schools: int, district: int
) -> None:
    client = browse(user_with_role(role, hill if role == "principal" else None))
    year = SchoolYearFactory()

    assert client.get("/schools/").status_code == schools
    assert client.get("/district/").status_code == district
    assert client.get(reverse("teachers:school_year", args=[year.pk])).status_code == district


def test_a_principal_sees_one_school_and_not_its_twin(browse: Browse, hill: School, lake: School) -> None:
    client = browse(user_with_role("principal", hill))

    assert [row[0] for row in client.get("/schools/").context["table"].rows] == ["Hill School"]
    assert client.get(reverse("teachers:school", args=[hill.pk])).status_code == 200
    assert client.get(reverse("teachers:school", args=[lake.pk])).status_code == 404


def test_the_list_counts_the_people_of_today_once_each(hr_client: Client, hill: School, lake: School) -> None:
    both = employed(hill)
    both.assignments.create(school=hill, subject="Music", started_on=date(2020, 1, 1))
    employed(hill, until=date(2020, 6, 30))

    rows = {row["name"]: row["people"] for row in hr_client.get("/schools/").context["table"].as_dicts()}

    assert rows == {"Hill School": 1, "Lake School": 0}


def test_schools_are_found_by_name_level_and_whether_they_are_open(hr_client: Client, hill: School) -> None:
    SchoolFactory(name="Old High", level="high", closed_on=date(2020, 6, 30))

    def found(query: str) -> list[str]:
        return [row[0] for row in hr_client.get(f"/schools/?{query}").context["table"].rows]

    assert found("open=true") == ["Hill School"]
    assert found("open=false") == found("level=high") == found("search=old") == ["Old High"]


def test_a_school_shows_its_years(hr_client: Client, hill: School, cost: Cost) -> None:
    SchoolYearProfileFactory(school=hill, school_year=SchoolYearFactory(start=2023), title_i=None)
    address = reverse("teachers:school", args=[hill.pk])
    one = cost(hr_client, address)
    SchoolYearProfileFactory(school=hill, school_year=SchoolYearFactory(start=2024))

    rows = list(hr_client.get(address).context["table"].as_dicts())

    assert [(row["year"], row["title_i"]) for row in rows] == [("2024-25", True), ("2023-24", None)]
    assert cost(hr_client, address) == one


def sent(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    values = {field.html_name: field.value() for field in client.get(address).context["form"]}
    return {name: value for name, value in (values | changes).items() if value is not None}


def test_an_administrator_names_the_district_and_its_zone(admin_client: Client) -> None:
    changes = {"name": "Birch Unified", "time_zone": "Pacific/Honolulu", "records_begin_on": "2019-07-01"}

    admin_client.post("/district/", sent(admin_client, "/district/", **changes, reason="Merger"))

    district = District.objects.get()
    assert (district.name, district.time_zone, district.records_begin_on) == (
        "Birch Unified",
        "Pacific/Honolulu",
        date(2019, 7, 1),
    )
    assert District.history.first().history_change_reason == "Merger"


def test_a_zone_that_does_not_exist_is_refused_and_the_name_stays_typed(admin_client: Client) -> None:
    DistrictFactory()

    response = admin_client.post("/district/", sent(admin_client, "/district/", name="Birch", time_zone="Mars/Olympus"))

    assert list(response.context["form"].errors) == ["time_zone"]
    assert response.context["form"]["name"].value() == "Birch"


def test_the_census_day_moves_inside_its_year_only(admin_client: Client) -> None:
    year = SchoolYearFactory(start=2024)
    address = reverse("teachers:school_year", args=[year.pk])

    outside = admin_client.post(address, sent(admin_client, address, census_on="2026-10-01"))
    admin_client.post(address, sent(admin_client, address, census_on="2024-11-01"))

    assert outside.context["form"].non_field_errors() == ["The census day must lie inside the school year."]
    assert SchoolYear.objects.get().census_on == date(2024, 11, 1)
