"""Roles and sign-ins: who gives them, who cannot, and that nothing outlives them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from pd_tracker.access import GRANTABLE, Role
from pd_tracker.audit.models import AuditEvent
from teachers.models import RoleGrant, School, Teacher, User
from tests.factories import (
    PASSWORD,
    RoleGrantFactory,
    TeacherFactory,
    UserFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

Browse = Callable[[User], Client]
Cost = Callable[[Client, str], int]
ROLES, GRANT = "/roles/", "/roles/new/"
TODAY = date.today()


def form(email: str, role: Role | str, **more: Any) -> dict[str, Any]:
    return {"email": email, "role": str(role), "starts_on": TODAY.isoformat(), "name": "Nora Quist"} | more


def grants_of(email: str) -> list[str]:
    return list(RoleGrant.objects.filter(user__email=email).order_by("pk").values_list("role", flat=True))


@pytest.fixture
def admin(db: None) -> User:
    return user_with_role("admin", name="Adele Munk")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("hr", 200),
        ("admin", 200),
        ("teacher", 403),
        ("coach", 403),
        ("principal", 403),
        ("leader", 403),
        ("finance", 403),
    ],
)
def test_roles_are_read_by_hr_and_administrators(browse: Browse, hill: School, role: str, status: int) -> None:
    client = browse(user_with_role(role, hill if role == "principal" else None))

    assert {client.get(address).status_code for address in (ROLES, GRANT, "/roles/history/")} == {status}


def test_the_list_says_who_holds_what_where_and_by_whom(browse: Browse, admin: User, hill: School) -> None:
    RoleGrantFactory(user=UserFactory(name="Pia Lund"), role="principal", school=hill, granted_by=admin)
    RoleGrantFactory(user=UserFactory(name="Old Hand"), role="coach", ends_on=date(2020, 1, 1))
    client = browse(admin)

    rows = {row["name"]: row for row in client.get(ROLES).context["table"].as_dicts()}

    assert set(rows) == {"Pia Lund", "Adele Munk"}
    assert (rows["Pia Lund"]["role"], rows["Pia Lund"]["school"], rows["Pia Lund"]["granted_by"]) == (
        "Principal",
        "Hill School",
        "Adele Munk",
    )
    assert rows["Adele Munk"]["school"] == "Whole district"
    assert len(client.get(f"{ROLES}?live=all").context["table"].rows) == 3
    assert len(client.get(f"{ROLES}?school={hill.pk}&role=principal&search=pia").context["table"].rows) == 1


def test_the_list_of_roles_costs_the_same_for_one_row_and_for_three(browse: Browse, admin: User, cost: Cost) -> None:
    client = browse(admin)
    one = cost(client, ROLES)
    user_with_role("coach")
    user_with_role("coach")

    assert cost(client, ROLES) == one


@pytest.mark.parametrize("actor", [Role.HR, Role.ADMIN])
@pytest.mark.parametrize("role", list(Role))
def test_only_grantable_roles_are_given_also_by_a_crafted_post(
    browse: Browse, hill: School, actor: Role, role: Role
) -> None:
    client = browse(user_with_role(actor))
    school = {"school": hill.pk} if role is Role.PRINCIPAL else {}

    client.post(GRANT, form("nora@alder.example", role, **school))

    assert grants_of("nora@alder.example") == ([role.value] if role in GRANTABLE[actor] else [])
    assert User.objects.filter(email="nora@alder.example").exists() == (role in GRANTABLE[actor])


def test_somebody_new_gets_a_link_once_that_chooses_a_password(browse: Browse, hr: User, hr_client: Client) -> None:
    response = hr_client.post(GRANT, form("Nora@Alder.example", "coach"))

    (link,) = response.context["links"]
    assert link.url in response.content.decode()
    assert link.url in mail.outbox[0].body
    assert mail.outbox[0].to == ["nora@alder.example"]
    nora = User.objects.get(email="nora@alder.example")
    assert not nora.has_usable_password()
    assert RoleGrant.objects.get(user=nora).granted_by == hr
    browser = Client()
    path = re.sub(r"^https?://[^/]+", "", link.url)
    landed = browser.get(path, follow=True)
    new = "another long sign-in phrase"
    browser.post(landed.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert User.objects.get(pk=nora.pk).check_password(new)
    assert Client().get(path, follow=True).context["token_fail"]


def test_somebody_who_signs_in_already_gets_the_role_and_no_link(hr_client: Client) -> None:
    known = UserFactory(email="known@alder.example")

    response = hr_client.post(GRANT, form("KNOWN@alder.example", "coach"))

    assert response.status_code == 302
    assert mail.outbox == []
    assert grants_of("known@alder.example") == ["coach"]
    assert User.objects.get(pk=known.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "principal"}, None),  # a principal without a school
        ({"name": ""}, "name"),  # nobody signs in with this address yet
        ({"ends_on": "2000-01-01"}, None),
        ({"email": "no address"}, "email"),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_makes_nobody(
    hr_client: Client, changes: dict[str, str], field: str | None
) -> None:
    response = hr_client.post(GRANT, form("nora@alder.example", "coach") | changes)

    shown = response.context["form"]
    assert list(shown.errors) == [field or "__all__"]
    assert shown["email"].value() == ({"email": "nora@alder.example"} | changes)["email"]
    assert not User.objects.filter(email="nora@alder.example").exists()


def test_nobody_gives_themselves_a_role(browse: Browse, hr: User, admin: User) -> None:
    for user in (hr, admin):
        response = browse(user).post(GRANT, form(user.email, "coach"))
        assert list(response.context["form"].errors) == ["email"]
        assert grants_of(user.email) == [user.held_roles[0].role.value]


def test_the_same_open_role_is_given_once(hr_client: Client) -> None:
    hr_client.post(GRANT, form("nora@alder.example", "coach"))

    response = hr_client.post(GRANT, form("nora@alder.example", "coach"))

    assert response.context["form"].non_field_errors() == ["This person already holds this role there."]


def test_hr_of_one_school_hands_out_roles_there_only(browse: Browse, hill: School, lake: School) -> None:
    client = browse(user_with_role("hr", hill))

    client.post(GRANT, form("a@alder.example", "coach", school=lake.pk))
    client.post(GRANT, form("b@alder.example", "coach"))
    client.post(GRANT, form("c@alder.example", "coach", school=hill.pk))

    assert [grants_of(f"{name}@alder.example") for name in "abc"] == [[], [], ["coach"]]


def end(client: Client, grant: RoleGrant, last_day: date) -> Any:
    return client.post(reverse("teachers:end_role", args=[grant.pk]), {"last_day": last_day.isoformat()})


def test_an_ended_role_is_gone_at_the_next_request_of_the_same_session(browse: Browse, hr_client: Client) -> None:
    coach = user_with_role("coach")
    session = browse(coach)
    assert session.get(reverse("learning_plans:caseload")).status_code == 200

    end(hr_client, coach.role_grants.get(), TODAY - timedelta(days=2))

    assert session.get(reverse("learning_plans:caseload")).status_code == 403


def test_a_role_that_never_began_can_be_ended_too(hr_client: Client) -> None:
    grant = RoleGrantFactory(role="coach", starts_on=TODAY + timedelta(days=10))

    assert end(hr_client, grant, TODAY - timedelta(days=1)).status_code == 302
    assert not RoleGrant.objects.live(on=TODAY).filter(pk=grant.pk).exists()


def test_hr_does_not_end_or_stop_what_is_stronger(browse: Browse, hr: User, hr_client: Client, admin: User) -> None:
    leader = user_with_role("leader")
    RoleGrantFactory(user=leader, role="teacher")
    for grant in (*admin.role_grants.all(), leader.role_grants.get(role="leader"), *hr.role_grants.all()):
        assert end(hr_client, grant, TODAY).status_code == 200
    for user in (admin, leader, hr):
        stop = reverse("teachers:stop_sign_in", args=[user.role_grants.first().pk])
        assert hr_client.post(stop, {"reason": "Because"}).status_code == 200

    assert RoleGrant.objects.exclude(ends_on=None).count() == 0
    assert User.objects.filter(is_active=False).count() == 0


def test_the_last_administrator_stays(browse: Browse, admin: User) -> None:
    second = user_with_role("admin")
    client = browse(admin)
    (own,) = admin.role_grants.all()

    assert end(client, second.role_grants.get(), TODAY).status_code == 302
    response = end(client, own, TODAY)

    assert response.context["form"].non_field_errors() == [
        "This is the last administrator. Give somebody else this role first."
    ]
    own.refresh_from_db()
    assert own.ends_on is None


def test_a_stopped_administrator_does_not_count_as_one(browse: Browse, admin: User) -> None:
    stopped = user_with_role("admin")
    stopped.is_active = False
    stopped.save()

    assert end(browse(admin), admin.role_grants.get(), TODAY).status_code == 200
    assert admin.role_grants.get().ends_on is None


def test_a_stopped_sign_in_ends_its_sessions_and_can_be_restored(browse: Browse, hr: User, hr_client: Client) -> None:
    coach = user_with_role("coach")
    session = browse(coach)
    stop = reverse("teachers:stop_sign_in", args=[coach.role_grants.get().pk])

    assert list(hr_client.post(stop, {"reason": ""}).context["form"].errors) == ["reason"]
    assert session.get("/notices/").status_code == 200
    hr_client.post(stop, {"reason": "Lost phone"})
    assert session.get("/notices/").status_code == 302
    hr_client.post(stop, {"reason": "Phone found"})

    assert User.objects.get(pk=coach.pk).is_active
    assert session.get("/notices/").status_code == 302  # the old session stays ended
    history = User.history.filter(id=coach.pk).order_by("history_id")
    assert [row.history_change_reason for row in history] == [None, "Lost phone", "Phone found"]
    assert list(AuditEvent.objects.filter(actor=hr, verb__startswith="sign_in").values_list("verb", flat=True)) == [
        "sign_in.restored",
        "sign_in.stopped",
    ]


def test_a_new_link_is_for_who_never_chose_a_password(hr_client: Client) -> None:
    known = user_with_role("coach")
    hr_client.post(GRANT, form("nora@alder.example", "coach"))
    nora = RoleGrant.objects.get(user__email="nora@alder.example")

    assert hr_client.post(reverse("teachers:send_link", args=[known.role_grants.get().pk])).status_code == 302
    assert len(hr_client.post(reverse("teachers:send_link", args=[nora.pk])).context["links"]) == 1
    assert len(mail.outbox) == 2


def test_hr_gets_no_link_into_a_stronger_account_that_has_no_password_yet(
    browse: Browse, hr_client: Client, admin: User
) -> None:
    browse(admin).post(GRANT, form("boss@alder.example", "admin"))
    mail.outbox.clear()

    response = hr_client.post(
        reverse("teachers:send_link", args=[RoleGrant.objects.get(user__email="boss@alder.example").pk])
    )

    assert response.status_code == 302
    assert mail.outbox == []


def test_a_stronger_role_to_come_protects_a_sign_in_already(hr_client: Client) -> None:
    hr_client.post(GRANT, form("boss@alder.example", "coach"))
    grant = RoleGrant.objects.get(user__email="boss@alder.example")
    RoleGrantFactory(user=grant.user, role="admin", starts_on=TODAY + timedelta(days=3))
    mail.outbox.clear()

    assert hr_client.post(reverse("teachers:send_link", args=[grant.pk])).status_code == 302
    assert hr_client.post(reverse("teachers:stop_sign_in", args=[grant.pk]), {"reason": "Because"}).status_code == 200

    assert mail.outbox == []
    assert User.objects.get(pk=grant.user_id).is_active


def test_what_is_no_key_chooses_nobody(hr_client: Client) -> None:
    for key in ("9" * 30, "9" * 5000, "-1", "x"):
        assert hr_client.post("/people/sign-ins/", {"teacher": key}).url == "/people/"


def test_the_filter_offers_schools_of_ones_own_reach(browse: Browse, hill: School, lake: School) -> None:
    filters = browse(user_with_role("hr", hill)).get(ROLES).context["filterset"].form

    assert list(filters.fields["school"].queryset) == [hill]


def give(client: Client, *teachers: Teacher) -> Any:
    return client.post("/people/sign-ins/", {"teacher": [teacher.pk for teacher in teachers]})


def test_sign_ins_for_several_people_say_for_whom_they_could_not_be_made(hr_client: Client, hill: School) -> None:
    ada = employed(hill, email="Ada@Alder.example")
    has_one = teacher_with_sign_in(hill)
    no_address = employed(hill, email="")
    twin = [employed(hill, email="same@alder.example") for _number in range(2)]
    taken = employed(hill, email=UserFactory(email="taken@alder.example").email.upper())

    response = give(hr_client, ada, has_one, no_address, *twin, taken)

    assert [link.user.email for link in response.context["links"]] == ["ada@alder.example"]
    problems = {teacher.pk: sentence for teacher, sentence in response.context["problems"]}
    assert problems == {
        has_one.pk: "This person already has a sign-in.",
        no_address.pk: "There is no e-mail address. Add it to the profile first.",
        twin[0].pk: "Somebody else on the roster has the same e-mail address. Each person needs their own.",
        twin[1].pk: "Somebody else on the roster has the same e-mail address. Each person needs their own.",
        taken.pk: "This e-mail address already belongs to a sign-in.",
    }
    ada.refresh_from_db()
    assert grants_of("ada@alder.example") == ["teacher"]
    assert ada.user.email == "ada@alder.example"


@pytest.mark.parametrize("role", ["teacher", "coach", "principal", "leader", "finance"])
def test_sign_ins_are_given_by_hr(browse: Browse, hill: School, role: str) -> None:
    client = browse(user_with_role(role, hill if role == "principal" else None))

    assert give(client, employed(hill)).status_code == 403
    assert User.objects.count() == 1


def test_an_administrator_without_people_gives_no_sign_in_to_staff(browse: Browse, admin: User, hill: School) -> None:
    ada = employed(hill)

    give(browse(admin), ada)

    ada.refresh_from_db()
    assert ada.user is None


def test_an_existing_sign_in_is_connected_after_somebody_looked(hr_client: Client, hr: User, hill: School) -> None:
    coach = user_with_role("coach", email="ada@alder.example")
    ada = employed(hill, email="Ada@alder.example")
    own = TeacherFactory(email=hr.email)
    link = reverse("teachers:link_sign_in", args=[ada.pk])
    page = hr_client.get(reverse("teachers:person", args=[ada.pk])).content.decode()
    assert "Connect this sign-in" in page

    hr_client.post(link)
    hr_client.post(reverse("teachers:link_sign_in", args=[own.pk]))

    ada.refresh_from_db()
    own.refresh_from_db()
    assert (ada.user, own.user) == (coach, None)
    assert grants_of("ada@alder.example") == ["coach", "teacher"]


def test_a_mail_that_cannot_be_sent_is_said_and_the_link_still_shown(
    hr_client: Client, hill: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_mail(*_args: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("teachers.views.accounts.send_mail", no_mail)

    response = give(hr_client, employed(hill))

    assert "The mail could not be sent" in response.content.decode()
    assert [link.is_mailed for link in response.context["links"]] == [False]
    assert "could not be mailed" in caplog.text


def test_a_role_offers_only_what_may_be_done_with_it(browse: Browse, hr_client: Client, admin: User) -> None:
    coach = user_with_role("coach").role_grants.get()
    leader = user_with_role("leader").role_grants.get()

    def offered(client: Client, grant: RoleGrant) -> tuple[bool, bool]:
        context = client.get(reverse("teachers:role", args=[grant.pk])).context
        return context["may_end"], context["may_stop"]

    assert (offered(hr_client, coach), offered(hr_client, leader)) == ((True, True), (False, False))
    assert offered(browse(admin), leader) == (True, True)
