"""A course is found by what people type."""

from __future__ import annotations

import pytest
from django import forms

from learning_plans.forms.courses import CourseField
from learning_plans.models import Course
from tests.factories import CourseFactory

pytestmark = pytest.mark.django_db


class OneCourse(forms.Form):
    course = CourseField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.all()


@pytest.fixture
def chosen():
    CourseFactory(code="102", title="Other (new)")
    return CourseFactory(code="101", title="Number talks (grades 3 to 5)")


@pytest.mark.parametrize("typed", ["Number talks (grades 3 to 5) (101)", "101", " number TALKS (grades 3 to 5) "])
def test_a_suggestion_a_code_or_a_title_name_the_course(chosen, typed):
    form = OneCourse({"course": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["course"] == chosen


@pytest.mark.parametrize("typed", ["Number", "999", "Something else (101)", str(10**30)])
def test_what_names_no_course_is_said_and_kept(chosen, typed):
    form = OneCourse({"course": typed})
    assert f"No course here is called “{typed}”." in form.errors["course"][0]
    assert f'value="{typed}"' in str(form["course"])


def test_of_two_courses_of_one_title_the_code_decides(chosen):
    twin = CourseFactory(code="PD-1", title=chosen.title)
    assert "Several courses" in OneCourse({"course": chosen.title}).errors["course"][0]
    assert OneCourse({"course": f"{chosen.title} (PD-1)"}).fields["course"].clean(f"{chosen.title} (PD-1)") == twin


def test_the_courses_are_suggested_and_the_one_at_hand_is_filled_in(chosen):
    html = str(OneCourse(initial={"course": chosen.pk})["course"])
    assert 'value="Number talks (grades 3 to 5) (101)"' in html
    assert 'list="id_course_list"' in html
    assert html.count("<option") == 2


def test_nothing_typed_is_nothing_chosen():
    assert "required" in OneCourse({"course": " "}).errors["course"][0]
