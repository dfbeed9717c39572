"""The shared parts as pages get them."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.forms import Select
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from pd_tracker.web.forms import Renderer
from tests.pd_tracker.web import samples

pytestmark = pytest.mark.urls("tests.pd_tracker.web.samples")
VIEWS = (samples.list_page, samples.form_page, samples.report_page, samples.error_page)


def html_of(view: Any, address: str = "/") -> str:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()  # the samples say themselves who is signed in
    return str(view(request).content.decode())


def render(source: str, address: str = "/", **context: Any) -> str:
    return str(engines["django"].from_string("{% load pd %}" + source).render(context, RequestFactory().get(address)))


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_carries_styles_or_scripts_that_the_content_policy_refuses(view: Any) -> None:
    html = html_of(view)

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_has_landmarks_a_language_and_one_first_heading(view: Any) -> None:
    html = html_of(view)

    assert '<html lang="en' in html
    assert (html.count("<main"), html.count("<h1"), html.count("<header"), html.count("<footer")) == (1, 1, 1, 1)


def test_the_title_is_written_once_and_stands_twice() -> None:
    html = html_of(samples.list_page)

    assert "<title>Caseload – Maple Valley Unified</title>" in html
    assert "<h1>Caseload</h1>" in html


def test_a_form_with_mistakes_says_so_in_its_title_and_links_each() -> None:
    html = html_of(samples.form_page, "/?wrong=1")

    assert "<title>Error: Assign training" in html
    assert '<a href="#id_title">Title: This field is required.</a>' in html
    assert 'href="#id_kind_0"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html


def test_a_select_offers_its_choices_and_marks_the_chosen_one() -> None:
    choices = [("", "Any"), ("High", [("a&b", "<b>Hillcrest</b>")]), ("3", "Lakeside")]
    html = (
        Select(attrs={"id": "id_school"}, choices=choices)
        .render("school", "a&b", renderer=Renderer())
        .replace("\n>", ">")
    )

    assert '<select name="school" class="govuk-select" id="id_school">' in html
    assert '<optgroup label="High">' in html
    assert '<option value="a&amp;b" selected>&lt;b&gt;Hillcrest&lt;/b&gt;</option>' in html
    assert '<option value="3">Lakeside</option>' in html


def test_signing_out_is_a_post() -> None:
    assert '<form action="/accounts/logout/" method="post">' in html_of(samples.list_page)


def test_the_frame_offers_what_everybody_needs() -> None:
    html = html_of(samples.list_page)

    for address in ("/search/", "/language/", "/notices/", "/privacy/", "/accessibility/", "/help/"):
        assert f'="{address}' in html, address
    assert ">3<span" in html  # unread notices
    assert 'aria-current="true"><strong class="govuk-service-navigation__active-fallback">Caseload' in html


def test_a_page_drawn_without_any_context_still_has_its_frame() -> None:
    html = render_to_string("500.html")

    assert "Something went wrong on our side" in html
    assert "PD Tracker" in html


def test_a_list_sorts_links_and_offers_choices() -> None:
    html = html_of(samples.list_page, "/?ordering=-hours&school=1")

    assert 'aria-sort="descending"' in html
    assert 'href="?ordering=hours&amp;school=1"' in html
    assert 'href="/list/3/"' in html
    assert 'name="teacher" value="3" form="bulk" aria-label="Choose Person 03"' in html


def test_pages_keep_the_address() -> None:
    html = html_of(samples.list_page, "/?school=1&page=2")

    assert 'rel="next" href="?school=1&amp;page=3"' in html
    assert 'aria-label="Page 2" aria-current="page"' in html
    assert "26 to 50 of 60 rows" in html


def test_downloads_keep_the_filters() -> None:
    html = html_of(samples.list_page, "/?school=1&page=2")

    assert 'href="?school=1&amp;format=xlsx"' in html


def test_an_empty_list_says_what_to_do() -> None:
    page = Paginator([], 25).get_page(1)
    html = render(
        '{% include "parts/list.html" with empty_words="Import a roster first." empty_url="/i/" %}',
        page=page,
    )

    assert "Import a roster first." in html
    assert 'href="/i/"' in html


def test_a_state_shows_its_word_and_a_shape() -> None:
    html = render('{% state_tag "overdue" "Overdue" %}')

    assert "pd-tag--late" in html
    assert "Overdue" in html
    assert 'd="M7 1.500' in html


@pytest.mark.parametrize(("value", "goal", "width"), [(5, 20, 25), (30, 20, 100), (3, 0, 0), (None, 20, 0)])
def test_a_bar_is_as_wide_as_its_share(value: Any, goal: int, width: int) -> None:
    html = render("{% bar value goal 'so much' %}", value=value, goal=goal)

    assert f'width="{width}"' in html
    assert 'aria-label="so much"' in html


@pytest.mark.parametrize(("is_over", "asks"), [(False, True), (True, False)])
def test_progress_asks_again_only_while_the_job_runs(is_over: bool, asks: bool) -> None:
    job = SimpleNamespace(
        pk=1, is_over=is_over, state="running", get_state_display="Running", title="Roster", done=1, total=2,
        message="", result_url="/r/",
    )  # fmt: skip
    html = render('{% include "parts/progress.html" with poll_url="/p/" %}', job=job)

    assert ("hx-get" in html) is asks
    assert ('href="/r/"' in html) is is_over


def test_a_chart_is_drawn_for_both_widths_with_its_numbers() -> None:
    html = render("{% chart drawing numbers %}", drawing=samples.BARS, numbers=samples.NUMBERS)

    assert (html.count("pd-chart--wide"), html.count("pd-chart--narrow")) == (1, 1)
    assert "Show the numbers" in html
    assert ">24.2</td>" in html
    assert "?ordering" not in html


def test_what_people_typed_is_escaped_in_drawings_and_tables() -> None:
    table = samples.NUMBERS.with_rows([("<b>bold</b>", 1)])
    html = render('{% include "parts/table.html" %}', table=table)

    assert "<b>bold" not in html
    assert "&lt;b&gt;bold" in html
