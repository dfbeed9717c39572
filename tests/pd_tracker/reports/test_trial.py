"""Seats by lot a year later: planted truths are found, absent ones are not, and numbers agree with a library."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from learning_plans.models import Enrollment, SeatDraw
from learning_plans.rules.lottery import draw, seed_of
from pd_tracker.access import Role
from pd_tracker.reports.catalogue import run
from teachers.models import Employment, Kpi, KpiValue, Teacher
from tests.factories import CourseFactory, SchoolFactory, SessionFactory, UserFactory, user_with_role
from tests.pd_tracker.reports.conftest import OPERATOR, SINCE, TODAY, hired, roster, take_training

pytestmark = pytest.mark.django_db
DRAWN = datetime(2023, 10, 20, 20, tzinfo=UTC)
START = datetime(2023, 11, 10, 20, tzinfo=UTC)
LEFT = date(2024, 6, 30)
SEATS = 60


def trial(reader=OPERATOR, **given):
    return run("trial", reader, on=TODAY, given=given)


def found(result, key="trial"):
    return {(row["outcome"], row["comparison"]): row for row in result.table(key).as_dicts()}


def offered(result):
    return found(result)["Still with the district a year later", "Being offered a seat"]


def drawn_session(course, people, *, seed, seats=SEATS):
    """People in the order drawn: the first seats win."""
    session = SessionFactory(
        course=course,
        starts_at=START,
        ends_at=START + timedelta(hours=2),
        capacity=seats,
        seat_policy="lottery",
        draw_on=DRAWN.date(),
        seed_source="State lottery",
    )
    by_id = {person.staff_id: person for person in people}
    made = draw([*by_id], seats, seed_of(seed, session.pk))
    SeatDraw.objects.create(
        session=session, seed=seed_of(seed, session.pk), seats=seats, order=list(made.order), drawn_at=DRAWN,
        drawn_by=UserFactory(),
    )  # fmt: skip
    Enrollment.objects.bulk_create(
        Enrollment(
            teacher=by_id[staff_id],
            session=session,
            drawn_place=place,
            state="registered" if place <= seats else "waitlisted",
        )
        for place, staff_id in enumerate(made.order, 1)
    )
    return [by_id[staff_id] for staff_id in made.order]


def leave(people):
    Employment.objects.filter(teacher__in=people).update(ended_on=LEFT)


def world(district, *, gain, seed):
    """Two draws of 150 people each; losers leave with chance .35, winners with .35 less the gain; 4 in 5 take it."""
    lot = random.Random(seed)
    roster(district)
    course = CourseFactory(district=district, title="Coaching for all")
    rows = []
    for number in range(2):
        school = SchoolFactory(district=district)
        people = hired(district, 150, since=SINCE, school=school, prefix=f"d{number}")
        order = drawn_session(course, people, seed=f"s{seed}")
        won = [place < SEATS for place in range(len(order))]
        took = [win and lot.random() < 0.8 for win in won]
        gone = [lot.random() < 0.35 - gain * win for win in won]
        leave([person for person, left in zip(order, gone, strict=True) if left])
        take_training([one for one, here in zip(order, took, strict=True) if here], course, 6, date(2023, 12, 1))
        rows += [(number, *row) for row in zip(won, took, [not left for left in gone], strict=True)]
    return np.array(rows, dtype=float)


@pytest.fixture
def planted(district):
    return world(district, gain=0.25, seed=4)


def test_a_planted_effect_is_found_and_agrees_with_statsmodels(planted):
    session, won, _took, stayed = planted.T
    data = pd.DataFrame({"session": session, "won": won, "stayed": stayed})
    fit = smf.ols("stayed ~ won + C(session)", data).fit(cov_type="HC1", use_t=True)
    result = trial()
    row = offered(result)
    assert (row["winners"], row["losers"], row["sessions"]) == (120, 180, 2)
    assert row["effect"] == pytest.approx(100 * fit.params["won"])
    assert (row["low"], row["high"]) == pytest.approx(tuple(100 * fit.conf_int().loc["won"]), rel=0.01)
    assert row["low"] < 25 < row["high"]
    assert row["low"] > 0
    assert result.answer.startswith("Chance decided: of 120 people who drew a seat ")
    assert f"{np.mean(stayed[won == 1]):.0%} were still" in result.answer


def test_who_took_part_is_reached_by_instrument(planted):
    _session, won, took, _stayed = planted.T
    result = trial()
    taking = found(result)["Still with the district a year later", "Taking part, for whom the draw decided it"]
    raised = took[won == 1].mean() - took[won == 0].mean()
    assert taking["effect"] == pytest.approx(offered(result)["effect"] / raised)
    draws = list(result.table("draws").as_dicts())
    assert [row["losers_took"] for row in draws] == [0, 0]
    assert sum(row["winners_took"] for row in draws) / 2 == pytest.approx(raised)


def test_no_effect_is_found_where_none_was_planted(district):
    world(district, gain=0, seed=8)
    row = offered(trial())
    assert row["low"] < 0 < row["high"]
    assert any("smaller than" in words and "could not be seen" in words for words in trial().caveats)


def test_a_seat_passed_on_later_changes_nobodys_side(planted):
    before = offered(trial())
    waiting = Enrollment.objects.filter(state="waitlisted").first()
    waiting.state = "registered"
    waiting.save()
    assert offered(trial()) == before


def test_kpi_of_the_year_after(planted, district):
    growth = Kpi.objects.get(code="growth")
    stayers = [
        row for row in Enrollment.objects.select_related("teacher").order_by("pk")
        if row.teacher.employments.get().ended_on is None
    ]  # fmt: skip
    lot = random.Random(2)
    scores = [50 + 6 * (row.drawn_place <= SEATS) + lot.gauss(0, 8) for row in stayers]
    where = {"district": district, "kpi": growth, "school_year": district.school_years.get(label="2024-25")}
    KpiValue.objects.bulk_create(
        KpiValue(
            teacher=row.teacher, value=round(score, 6), level="classroom", subject="Math", grades="4", n=25, **where
        )
        for row, score in zip(stayers, scores, strict=True)
    )
    row = found(trial(kpi="growth"))["Student growth in the year after", "Being offered a seat"]
    spread = np.std(np.round(scores, 6), ddof=1)
    won = np.array([row.drawn_place <= SEATS for row in stayers])
    session = np.array([row.session_id for row in stayers])
    data = pd.DataFrame({"y": np.round(scores, 6) / spread, "won": won.astype(float), "session": session})
    assert row["effect"] == pytest.approx(smf.ols("y ~ won + C(session)", data).fit().params["won"], abs=1e-6)
    assert row["low"] > 0
    assert row["unit"] == "classroom SD"
    assert len(trial(kpi="growth").charts) == 2


def test_hr_reads_who_stayed_and_nothing_about_classrooms(planted):
    result = trial(user_with_role(Role.HR))
    assert {row["outcome"] for row in result.table("trial").as_dicts()} == {"Still with the district a year later"}
    assert "kpi" not in result.parameters


def test_an_uneven_draw_is_called_out_and_a_fair_one_is_not(planted):
    assert not any("differed before the draw" in words for words in trial().warnings)
    winners = Enrollment.objects.filter(drawn_place__lte=SEATS).values_list("teacher", flat=True)
    Teacher.objects.update(experience_years=2)
    Teacher.objects.filter(pk__in=list(winners)[5:]).update(experience_years=20)
    assert any("differed before the draw" in words for words in trial().warnings)
    balance = {row["covariate"]: row["difference"] for row in trial().table("balance").as_dicts()}
    assert balance["Years of experience"] > 1


def test_course_and_year_choose_the_draws(planted, district):
    other = CourseFactory(district=district)
    drawn_session(other, hired(district, 4, since=SINCE, school=SchoolFactory(district=district), prefix="x"), seed="1")
    assert len(list(trial().table("draws").rows)) == 3
    small = trial(course=other.code)
    assert [row["code"] for row in small.table("draws").as_dicts()] == [other.code]
    assert "fewer than 10 losers" in small.answer or "fewer than 10 winners" in small.answer
    assert list(trial(year="2024-25").table("draws").rows) == []


def test_sentences_where_there_is_nothing_to_compare(district, hill):
    assert trial().answer.startswith("No seats were drawn by lot with these choices.")
    people = hired(district, 30, since=SINCE, school=hill, prefix="n")
    roster(district, as_of=date(2023, 11, 15))
    drawn_session(CourseFactory(district=district), people, seed="1", seats=10)
    early = trial()
    assert early.answer == "The year after these draws is not over yet, so nobody can say who stayed."
    assert [row["applicants"] for row in early.table("draws").as_dicts()] == [30]
    principal = user_with_role(Role.PRINCIPAL, hill)
    assert trial(principal).answer.startswith("A draw is made for the whole district")
    assert list(trial(principal).table("draws").rows) == []


def test_queries_do_not_grow_with_people(planted, django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        trial()
