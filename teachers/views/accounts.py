"""Roles and sign-ins: who may do what, from when to when, and the one-time links to choose a password."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from smtplib import SMTPException
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from pd_tracker.access import Capability, Role
from pd_tracker.web.addresses import row_keys
from pd_tracker.web.views import CapabilityMixin, TablePage
from teachers import tables
from teachers.accounts import one_time_link
from teachers.actions import accounts as actions
from teachers.actions.viewing import note_view
from teachers.filters import RoleFilter
from teachers.forms.accounts import EndRoleForm, GrantRoleForm
from teachers.forms.records import ReasonForm
from teachers.models import District, RoleGrant, Teacher, User
from teachers.querysets.people import teachers_for
from teachers.views.parts import KeptFormPage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Link:
    """A new sign-in and its one-time address, shown once and mailed."""

    user: User
    url: str
    is_mailed: bool


def send_link(request: HttpRequest, user: User) -> Link:
    url = one_time_link(user, request.build_absolute_uri("/"))
    context = {"user": user, "url": url, "district": request.district}  # type: ignore[attr-defined]
    try:
        send_mail(
            render_to_string("emails/sign_in_subject.txt", context).strip(),
            render_to_string("emails/sign_in.txt", context),
            None,
            [user.email],
        )
    except (SMTPException, OSError) as error:
        # The words of the error name the address.
        log.error("A sign-in link could not be mailed: %s", type(error).__name__)
        return Link(user, url, is_mailed=False)
    return Link(user, url, is_mailed=True)


class Roles(TablePage):
    capability = Capability.ROLES_VIEW
    template_name = "teachers/roles.html"
    table = tables.ROLES
    filterset_class = RoleFilter
    ordering = "name"
    row_url_name = "teachers:role"

    def get_queryset(self) -> QuerySet[RoleGrant]:
        whole = Value(_("Whole district"), output_field=CharField())
        return RoleGrant.objects.visible_to(self.request.user).annotate(place=Coalesce("school__name", whole))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, may_grant=self.request.user.may(Capability.ROLES_GRANT))


class GrantRole(KeptFormPage):
    capability = Capability.ROLES_GRANT
    form_class = GrantRoleForm
    title = gettext_lazy("Give a role")
    link: Link | None = None

    def district(self) -> District:
        reach = self.request.user.reach(Capability.ROLES_GRANT)
        districts = District.objects.filter(pk__in=reach.district_ids) | District.objects.filter(
            schools__in=reach.school_ids
        )
        return get_object_or_404(districts.distinct().order_by("pk")[:1])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"actor": self.request.user, "district": self.district()}

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.request.user.today, "email": self.request.GET.get("email", "")}

    def save(self, form: GrantRoleForm) -> None:
        given, actor = form.cleaned_data, self.request.user
        user, is_new = actions.user_for(email=given["email"], name=given["name"], actor=actor)
        self.grant = actions.grant_role(
            user=user,
            role=Role(given["role"]),
            district=self.district(),
            school=given["school"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            actor=actor,
        )
        self.new_user = user if is_new else None

    def form_valid(self, form: GrantRoleForm) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302 and self.new_user is not None:
            # Somebody who already signs in never gets a link this way: it would hand their account to whoever asked.
            return shown_links(self.request, [send_link(self.request, self.new_user)], back=self.back())
        return response

    def said(self) -> str:
        return _("Role given. It works from the next page they open.")

    def back(self) -> str:
        return reverse("teachers:roles")


def shown_links(
    request: HttpRequest, links: list[Link], *, back: str, problems: list[tuple[Teacher, str]] | None = None
) -> HttpResponse:
    """The only page that ever shows a one-time link; it is not kept anywhere."""
    return render(request, "teachers/links.html", {"links": links, "problems": problems or [], "back": back})


class RolePage(CapabilityMixin, TemplateView):
    """One role, the sign-in that holds it and its other roles."""

    capability = Capability.ROLES_VIEW
    template_name = "teachers/role.html"

    def get_context_data(self, pk: int, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        visible = RoleGrant.objects.visible_to(actor)
        grant = get_object_or_404(visible.select_related("user", "school", "granted_by"), pk=pk)
        others = visible.filter(user=grant.user).exclude(pk=pk).select_related("school").order_by("-starts_on", "pk")
        may_grant = actor.may(Capability.ROLES_GRANT)
        may_touch = may_grant and actions.may_touch(actor, grant.user, on=actor.today)
        return super().get_context_data(
            **kwargs,
            grant=grant,
            others=others,
            breadcrumbs=[(_("Roles"), reverse("teachers:roles"))],
            may_end=may_grant and actions.may_end(actor, grant) and grant.ends_on is None,
            may_stop=may_touch,
            may_send_link=may_touch and needs_link(grant.user),
        )


def needs_link(user: User) -> bool:
    """Only somebody who never chose a password: a link for anybody else would open their account to the sender."""
    return user.is_active and not user.has_usable_password()


class AboutGrant(KeptFormPage):
    """A form about one role."""

    capability = Capability.ROLES_GRANT
    template_name = "teachers/confirm.html"

    def grant(self) -> RoleGrant:
        visible = RoleGrant.objects.visible_to(self.request.user).select_related("user", "school")
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def back(self) -> str:
        return reverse("teachers:role", args=[self.kwargs["pk"]])


class EndRole(AboutGrant):
    form_class = EndRoleForm
    title = gettext_lazy("End this role")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"today": self.request.user.today}

    def save(self, form: EndRoleForm) -> None:
        given = form.cleaned_data
        actions.end_role(
            grant=self.grant(), last_day=given["last_day"], actor=self.request.user, reason=given["reason"]
        )

    def said(self) -> str:
        return _("The role ends on that day.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grant = self.grant()
        words = _(
            "%(name)s holds the role %(role)s. Ending it takes effect on the next page they open after the last day."
        )
        return super().get_context_data(
            **kwargs, words=words % {"name": grant.user, "role": grant}, action_label=_("End the role"), grave=True
        )


class StopSignIn(AboutGrant):
    """Stops the sign-in behind a role, or lets it in again."""

    form_class = ReasonForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.title = _("Stop or restore this sign-in")

    def save(self, form: ReasonForm) -> None:
        user, actor, reason = self.grant().user, self.request.user, form.cleaned_data["reason"]
        act = actions.deactivate if user.is_active else actions.reactivate
        act(user=user, actor=actor, reason=reason, on=actor.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.grant().user
        words = (
            _("%(name)s is signed out everywhere at once and cannot sign in until somebody restores it.")
            if user.is_active
            else _("%(name)s can sign in again, with the roles that still run.")
        )
        label = _("Stop the sign-in") if user.is_active else _("Restore the sign-in")
        return super().get_context_data(
            **kwargs, words=words % {"name": user}, action_label=label, grave=user.is_active
        )


class SendLink(CapabilityMixin, View):
    """A new one-time link for somebody who has not chosen a password yet."""

    capability = Capability.ROLES_GRANT
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        grant = get_object_or_404(RoleGrant.objects.visible_to(request.user).select_related("user"), pk=pk)
        try:
            actions.refuse_stronger(user=grant.user, actor=request.user, on=request.user.today)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("teachers:role", pk)
        if not needs_link(grant.user):
            messages.error(request, _("This person has a password. They can ask for a new one on the sign-in page."))
            return redirect("teachers:role", pk)
        return shown_links(request, [send_link(request, grant.user)], back=reverse("teachers:role", args=[pk]))


class GiveSignIns(CapabilityMixin, View):
    """Sign-ins for the chosen people; whoever cannot get one is named with the reason."""

    capability = Capability.ROLES_GRANT
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = row_keys(request.POST.getlist("teacher"))
        teachers = teachers_for(request.user, Capability.PEOPLE_EDIT).filter(pk__in=keys)
        if not teachers:
            messages.error(request, _("Choose at least one person first."))
            return redirect("teachers:people")
        links: list[Link] = []
        problems: list[tuple[Teacher, str]] = []
        for teacher in teachers:
            try:
                user = actions.give_sign_in(teacher=teacher, actor=request.user, on=request.user.today)
            except ValidationError as error:
                problems.append((teacher, " ".join(error.messages)))
            else:
                links.append(send_link(request, user))
        return shown_links(request, links, back=reverse("teachers:people"), problems=problems)


class LinkSignIn(CapabilityMixin, View):
    """Connects the sign-in that already has a person's address with that person."""

    capability = Capability.ROLES_GRANT
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        teacher = get_object_or_404(teachers_for(request.user, Capability.PEOPLE_EDIT), pk=pk)
        note_view(reader=request.user, teacher=teacher, part="employment")
        try:
            actions.link_sign_in(teacher=teacher, actor=request.user, on=request.user.today)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Connected."))
        return redirect("teachers:person", pk)
