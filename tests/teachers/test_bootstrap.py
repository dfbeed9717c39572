"""How a real district begins: no default password, safe to run again, clear when something is wrong."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from teachers.models import District, RoleGrant, User
from tests.factories import DistrictFactory, UserFactory

pytestmark = pytest.mark.django_db
WANTED = {"district": "Alder Valley", "timezone": "America/Denver", "admin": "Ana.Admin@alder.example"}


def bootstrap(**options):
    output = StringIO()
    call_command("bootstrap", stdout=output, **(WANTED | options))
    return output.getvalue()


def is_administrator(user):
    """On the day it is in the new district, which may be tomorrow elsewhere."""
    with timezone.override(District.objects.get().time_zone):
        return user.holds(Role.ADMIN)


def link_in(output):
    found = re.search(r"http://[^\s]+", output)
    return found and found[0]


def test_makes_the_district_and_an_administrator_without_a_password():
    output = bootstrap()
    district, user = District.objects.get(), User.objects.get()
    assert (district.name, district.time_zone, district.is_demonstration) == ("Alder Valley", "America/Denver", False)
    assert (user.email, user.name, user.has_usable_password()) == ("ana.admin@alder.example", "Ana Admin", False)
    assert is_administrator(user)
    assert AuditEvent.objects.filter(verb="role.granted").exists()
    assert "District Alder Valley is made" in output


def test_link_sets_a_password_once(client):
    path = link_in(bootstrap()).removeprefix("http://127.0.0.1:8000")
    form = client.get(path, follow=True)
    chosen = {"password1": "a long sign-in phrase", "password2": "a long sign-in phrase"}
    client.post(form.redirect_chain[-1][0], chosen)
    assert User.objects.get().check_password("a long sign-in phrase")
    client.logout()
    assert client.get(path, follow=True).context["token_fail"]


def test_link_begins_with_the_address_people_use(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    assert link_in(bootstrap()).startswith("http://127.0.0.1:8123/")
    monkeypatch.setenv("SITE_URL", "http://pd.alder.example/")
    assert link_in(bootstrap()).startswith("http://pd.alder.example/accounts/")


def test_again_changes_nothing_and_says_so():
    bootstrap()
    user = User.objects.get()
    user.set_password("a long sign-in phrase")
    user.save()
    output = bootstrap(district="Another name", timezone="America/Chicago")
    assert link_in(output) is None
    assert "already there" in output
    assert "already an administrator" in output
    assert (District.objects.get().name, User.objects.count(), RoleGrant.objects.count()) == ("Alder Valley", 1, 1)
    assert link_in(bootstrap(new_link=True))


def test_somebody_who_signs_in_already_becomes_administrator():
    user = UserFactory(email="ana.admin@alder.example", name="Ana")
    output = bootstrap()
    assert is_administrator(user)
    assert "is now an administrator" in output
    assert link_in(output) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"timezone": "Denver"}, "not a time zone"),
        ({"timezone": "../../etc/passwd"}, "not a time zone"),
        ({"admin": "ana"}, "not an e-mail address"),
        ({"district": " "}, "cannot be blank"),
    ],
)
def test_wrong_values_are_refused_in_a_sentence_and_nothing_is_made(wrong, sentence):
    with pytest.raises(CommandError, match=sentence):
        bootstrap(**wrong)
    assert not District.objects.exists()
    assert not User.objects.exists()


def test_demonstration_is_never_turned_into_a_real_district():
    DistrictFactory(is_demonstration=True)
    with pytest.raises(CommandError, match="demonstration district"):
        bootstrap()
    assert not User.objects.exists()


def test_stopped_sign_in_is_not_made_administrator():
    UserFactory(email="ana.admin@alder.example", is_active=False)
    with pytest.raises(CommandError, match="is stopped"):
        bootstrap()
    assert not District.objects.exists()
