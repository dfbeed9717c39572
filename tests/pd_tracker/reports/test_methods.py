"""The methods page explains every report and links to those a reader may open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pd_tracker.access import Role
from pd_tracker.reports.catalogue import CATALOGUE
from pd_tracker.reports.methods import LIMITS, METHODS
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db
ADDRESS = reverse("reports:methods")


def test_every_report_is_explained():
    assert set(CATALOGUE) - {name for method in METHODS for name in method.reports} == set()
    assert len({method.key for method in METHODS}) == len(METHODS)


def test_every_number_says_what_it_means_how_it_is_made_and_what_it_cannot_say(client):
    client.force_login(user_with_role(Role.LEADER))
    page = client.get(ADDRESS).content.decode().replace("&#x27;", "'").replace("&amp;", "&")
    for method in METHODS:
        assert f'id="{method.key}"' in page
        assert all(str(words) in page for words in (method.name, method.means, method.how, method.cannot))
    assert all(str(sentence) in page for sentence in LIMITS)


def test_links_lead_to_reports_the_reader_may_open(client):
    client.force_login(user_with_role(Role.HR))
    page = client.get(ADDRESS).content.decode()
    assert reverse("reports:report", args=["retention"]) in page
    assert reverse("reports:report", args=["pd_kpi"]) not in page


def test_the_page_is_linked_from_the_catalogue_and_every_report(client):
    client.force_login(user_with_role(Role.LEADER))
    for address in (reverse("reports:catalogue"), *(reverse("reports:report", args=[name]) for name in CATALOGUE)):
        assert f'href="{ADDRESS}"' in client.get(address).content.decode()


def test_others_are_refused(client):
    client.force_login(user_with_role(Role.COACH))
    assert client.get(ADDRESS).status_code == 403
