"""Required training: rules, whom they hold for, exemptions, and the end of a rule."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView, View

from learning_plans.actions import assigning
from learning_plans.actions.holding import own_open_items
from learning_plans.filters.assigning import MemberFilter, RuleFilter
from learning_plans.forms.rules import ExemptionForm, RuleChangeForm, RuleEndForm, RuleForm
from learning_plans.models import AssignmentRule, Course, RuleMember
from learning_plans.models.choices import MemberStateName
from learning_plans.querysets.assigning import RuleMemberQuerySet, ruled_districts, ruled_schools
from learning_plans.querysets.recurring import past_rounds, round_ends_before, round_of
from learning_plans.tables.assigning import FORESEEN, MEMBERS, ROUNDS, RULES, RULES_LISTED, duties_in_words
from learning_plans.views.rule_words import due_in_words, recurrence_in_words
from pd_tracker.access import Capability
from pd_tracker.jobs.models import Job
from pd_tracker.web.views import CapabilityMixin, TablePage, require, say_errors
from teachers.actions.viewing import note_export
from teachers.models import Teacher
from teachers.views.parts import KeptFormPage

SEEN = "seen"


def hold_now(request: HttpRequest, rule: AssignmentRule, *, count: int) -> HttpResponse:
    user = request.user
    try:
        held = assigning.put_into_plans(rule, count=count, actor=user, at=timezone.now(), on=user.today)
    except ValidationError as error:
        say_errors(request, error.messages)
        return redirect(rule)
    if isinstance(held, Job):
        return redirect(held)
    words = _("Joined: %(joined)d. Left: %(left)d. New in plans: %(assigned)d.")
    messages.success(request, words % {"joined": held.joined, "left": held.left, "assigned": held.assigned})
    return redirect(rule)


class Rules(TablePage):
    capability = Capability.RULES_EDIT
    template_name = "learning_plans/rules/list.html"
    table = RULES_LISTED
    filterset_class = RuleFilter
    ordering = "name"
    row_url_name = "learning_plans:rule"

    def get_queryset(self) -> QuerySet[AssignmentRule]:
        return AssignmentRule.objects.visible_to(self.request.user).with_counts(on=self.request.user.today)

    def download(self, rows: QuerySet[AssignmentRule], wanted: str) -> Any:
        self.table = RULES  # type: ignore[misc]
        return super().download(rows, wanted)


class NewRule(CapabilityMixin, FormView):
    """Says first whom the rule would hold for; only what was seen so is made."""

    capability = Capability.RULES_EDIT
    template_name = "learning_plans/rules/new.html"
    form_class = RuleForm

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        district = get_object_or_404(ruled_districts(user)[:1])
        courses = Course.objects.visible_to(user).filter(district=district).on_offer(on=user.today)
        rule = AssignmentRule(district=district)
        return super().get_form_kwargs() | {"instance": rule, "courses": courses, "schools": ruled_schools(user)}

    def form_valid(self, form: RuleForm) -> HttpResponse:
        user, rule = self.request.user, form.instance
        try:
            chosen = assigning.reachable(user, form.staff_ids) if form.staff_ids else None
            assigning.check_rule(rule, chosen=chosen, actor=user, on=user.today)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        foreseen, seen = assigning.foresee(rule, chosen=chosen, on=user.today), self.digest()
        if self.request.POST.get(SEEN) != seen:
            context = self.get_context_data(
                form=form, foreseen=foreseen, table=FORESEEN.with_rows(foreseen.rows), seen=seen
            )
            return self.render_to_response(context)
        assigning.make_rule(rule=rule, chosen=chosen, actor=user, at=timezone.now(), on=user.today)
        return hold_now(self.request, rule, count=foreseen.count)

    def digest(self) -> str:
        typed = {name: self.request.POST.get(name, "") for name in self.get_form_class().base_fields}
        return sha256(repr(typed).encode()).hexdigest()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Required training"), reverse("learning_plans:rules"))]
        return super().get_context_data(**kwargs, breadcrumbs=crumbs)


class OfRule(CapabilityMixin):
    """A page of one rule within reach."""

    capability = Capability.RULES_EDIT
    rule: AssignmentRule

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request, self.capability)
        rules = AssignmentRule.objects.visible_to(request.user).with_counts(on=request.user.today)
        self.rule = get_object_or_404(rules.select_related("course", "school", "made_by"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [
            (_("Required training"), reverse("learning_plans:rules")),
            (self.rule.name, self.rule.get_absolute_url()),
        ]
        kwargs = {"breadcrumbs": crumbs, "rule": self.rule} | kwargs
        return super().get_context_data(**kwargs)  # type: ignore[misc]


class RulePage(OfRule, TablePage):
    template_name = "learning_plans/rules/rule.html"
    table = MEMBERS
    filterset_class = MemberFilter
    ordering = "name"
    row_url_name = "learning_plans:rule_member"

    def get_queryset(self) -> QuerySet[RuleMember]:
        user = self.request.user
        return self.members().with_state(on=user.today, rule=self.rule).with_person(on=user.today)

    def members(self) -> RuleMemberQuerySet:
        return RuleMember.objects.visible_to(self.request.user).filter(rule=self.rule)

    def download(self, rows: QuerySet[RuleMember], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("teacher"))
        note_export(reader=self.request.user, teachers=people, part="plan")
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.request.user.today
        kwargs |= {"due_in_words": due_in_words(self.rule), "duties_in_words": duties_in_words(self.rule.duties)}
        if self.rule.is_recurring:
            days = round_ends_before(self.rule, on=on)
            past = past_rounds(self.members(), self.rule, days) if days else []
            kwargs |= {
                "in_words": recurrence_in_words(self.rule),
                "round": round_of(self.rule, on=on),
                "past_rounds": ROUNDS.with_rows(past) if past else None,
            }
        offered = Course.objects.on_offer(on=self.request.user.today).filter(pk=self.rule.course_id).exists()
        crumbs = [(_("Required training"), reverse("learning_plans:rules"))]
        return super().get_context_data(**kwargs, breadcrumbs=crumbs, is_offered=offered)


class ChangeRule(OfRule, KeptFormPage):
    template_name = "learning_plans/rules/change.html"
    form_class = RuleChangeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        open_items = own_open_items(list(self.rule.members.live())).count()
        return super().get_form_kwargs() | {"instance": self.rule, "open_items": open_items}

    def save(self, form: RuleChangeForm) -> None:
        user, reason = self.request.user, form.cleaned_data["reason"]
        self.changed = assigning.change_rule(rule=form.instance, actor=user, reason=reason, on=user.today)

    def said(self) -> str:
        return _("Saved. Changed in plans: %(count)d.") % {"count": self.changed}

    def back(self) -> str:
        return self.rule.get_absolute_url()


class EndRule(OfRule, FormView):
    template_name = "learning_plans/rules/end.html"
    form_class = RuleEndForm

    def form_valid(self, form: RuleEndForm) -> HttpResponse:
        user, at = self.request.user, timezone.now()
        try:
            ended = assigning.take_out_of_plans(self.rule, actor=user, at=at, on=user.today, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        if isinstance(ended, Job):
            return redirect(ended)
        messages.success(self.request, _("The rule has ended. Taken out of plans: %(count)d.") % {"count": ended})
        return redirect(self.rule)


class HoldRule(OfRule, View):
    """Checks at once whom the rule holds for, without waiting for tomorrow."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.rule.ended_at is not None:
            messages.error(request, _("This rule has ended. Make a new one instead."))
            return redirect(self.rule)
        newcomers = assigning.foresee(self.rule, chosen=None, on=request.user.today).count - self.rule.held_count
        return hold_now(request, self.rule, count=abs(newcomers))


def visible_member(request: HttpRequest, pk: int) -> RuleMember:
    """Somebody whom a rule within reach holds for, and whose plan one may read."""
    rules = AssignmentRule.objects.visible_to(request.user)
    members = RuleMember.objects.visible_to(request.user).filter(rule__in=rules).with_state(on=request.user.today)
    return get_object_or_404(members.select_related("rule__course", "teacher", "item", "exempted_by"), pk=pk)


class Member(KeptFormPage):
    """One person of a rule: how they stand to it, and their exemption."""

    capability = Capability.RULES_EDIT
    template_name = "learning_plans/rules/member.html"
    form_class = ExemptionForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request, self.capability)
        self.member = visible_member(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule = self.member.rule
        crumbs = [(_("Required training"), reverse("learning_plans:rules")), (rule.name, rule.get_absolute_url())]
        label = MemberStateName(self.member.state).label
        return super().get_context_data(**kwargs, member=self.member, member_label=label, rule=rule, breadcrumbs=crumbs)

    def save(self, form: ExemptionForm) -> None:
        reason, user = form.cleaned_data["reason"], self.request.user
        assigning.exempt(member=self.member, reason=reason, actor=user, at=timezone.now())

    def said(self) -> str:
        return _("%(name)s is exempt and is told.") % {"name": self.member.teacher}

    def back(self) -> str:
        return reverse("learning_plans:rule_member", args=[self.member.pk])


@require_POST
def end_exemption(request: HttpRequest, pk: int) -> HttpResponse:
    require(request, Capability.RULES_EDIT)
    member = visible_member(request, pk)
    try:
        assigning.end_exemption(member=member, actor=request.user)
    except ValidationError as error:
        say_errors(request, error.messages)
    else:
        messages.success(request, _("The exemption has ended. The rule holds for %(name)s.") % {"name": member.teacher})
    return redirect("learning_plans:rule_member", pk=pk)
