"""Which rules hold, what categories mean, and each change of them: seen first, then confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, View

from learning_plans.actions import rule_changes
from learning_plans.credit.category_use import codes_of_packs, packs_in_use, uses
from learning_plans.credit.wording import name_of
from learning_plans.filters.rule_packs import ChoiceFilter, ForeseenFilter
from learning_plans.forms.rule_packs import ChoiceForm, MeaningsForm, field_of
from learning_plans.models import CategoryMeaning, ForeseenStanding, PackChoice, RuleChange
from learning_plans.rules.choices import RuleChangeKind as Kind
from learning_plans.tables import rule_packs as tables
from learning_plans.views.rule_packs import OfRules, RulesAreChanged, offered
from pd_tracker.access import Capability
from pd_tracker.web.views import TablePage, say_errors
from teachers.actions.viewing import note_export
from teachers.changes import Trail, read, timeline
from teachers.forms.kept import take_errors
from teachers.forms.records import ReasonForm
from teachers.models import Licence, Teacher

CHANGES = 20


def crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [(_("Renewal rules"), reverse("learning_plans:rule_packs")), *more]


class Choices(OfRules, TablePage):
    template_name = "learning_plans/rule_packs/choices.html"
    table = tables.CHOICES
    filterset_class = ChoiceFilter
    ordering = "jurisdiction"

    @property
    def row_url_name(self) -> str:  # type: ignore[override]
        return "learning_plans:rule_choice" if self.may_edit else ""

    def get_queryset(self) -> QuerySet[PackChoice]:
        return PackChoice.objects.visible_to(self.request.user).with_licenses_meant()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trails = (Trail(PackChoice.history.filter(district=self.district), ("jurisdiction", "licence_type")),)
        changes = read(trails, timeline(trails)[:CHANGES]) if self.may_edit else ()
        return super().get_context_data(**kwargs, changes=changes)


class LookFirst(RulesAreChanged, FormView):
    """A form whose answer is not written but looked at: what it would do to whom."""

    capability = Capability.CREDIT_RULES_EDIT
    kind: Kind

    def said(self, form: Any) -> dict[str, Any]:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        user = self.request.user
        try:
            change = rule_changes.look(
                district=self.district,
                kind=self.kind,
                said=self.said(form),
                reason=form.cleaned_data["reason"],
                actor=user,
                on=user.today,
                at=timezone.now(),
            )
        except ValidationError as error:
            take_errors(form, error)
            return self.form_invalid(form)
        return redirect(change)


class ChooseRules(LookFirst):
    """A new choice; from a row, the same licenses get other rules from a later day on."""

    template_name = "learning_plans/rule_packs/choose.html"
    form_class = ChoiceForm
    kind = Kind.CHOICE

    @cached_property
    def row(self) -> PackChoice | None:
        if "pk" not in self.kwargs:
            return None
        found: PackChoice = get_object_or_404(PackChoice.objects.filter(district=self.district), pk=self.kwargs["pk"])
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"packs": offered(self.shelf, self.district)}

    def get_initial(self) -> dict[str, Any]:
        today = self.request.user.today
        if self.row is None:
            asked = {name: self.request.GET.get(name, "") for name in ("rule_pack", "jurisdiction", "licence_type")}
            is_first = not PackChoice.objects.filter(district=self.district).exists()
            return asked | {"holds_from": None if is_first else today}
        day = self.row.holds_from if self.row.holds_from and self.row.holds_from >= today else today
        names = ("jurisdiction", "licence_type", "rule_pack")
        return {name: getattr(self.row, name) for name in names} | {"holds_from": day}

    def said(self, form: ChoiceForm) -> dict[str, Any]:
        given = form.cleaned_data
        return {
            "jurisdiction": given["jurisdiction"].strip(),
            "licence_type": given["licence_type"].strip(),
            "rule_pack": given["rule_pack"],
            "holds_from": rule_changes.written(given["holds_from"]),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        licences = Licence.objects.filter(teacher__district=self.district).order_by()
        return super().get_context_data(
            **kwargs,
            row=self.row,
            states=sorted(set(licences.values_list("jurisdiction", flat=True).distinct())),
            types=sorted(set(licences.values_list("licence_type", flat=True).distinct())),
            breadcrumbs=crumbs((_("Which rules hold"), reverse("learning_plans:rule_choices"))),
        )


class EndChoice(LookFirst):
    template_name = "learning_plans/rule_packs/end_choice.html"
    form_class = ReasonForm
    kind = Kind.NO_CHOICE

    @cached_property
    def row(self) -> PackChoice:
        found: PackChoice = get_object_or_404(PackChoice.objects.filter(district=self.district), pk=self.kwargs["pk"])
        return found

    @cached_property
    def ending(self) -> dict[str, Any]:
        return rule_changes.ending_said(self.row, shelf=self.shelf, on=self.request.user.today)

    def said(self, form: Any) -> dict[str, Any]:
        return self.ending

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            row=self.row,
            goes=self.ending["goes"],
            breadcrumbs=crumbs((_("Which rules hold"), reverse("learning_plans:rule_choices"))),
        )


class Meanings(LookFirst):
    """Every category in use, and what it counts as."""

    template_name = "learning_plans/rule_packs/meanings.html"
    form_class = MeaningsForm
    kind = Kind.MEANINGS

    @cached_property
    def uses(self) -> list[Any]:
        return uses(self.district.pk, self.shelf, self.packs)

    @cached_property
    def packs(self) -> list[Any]:
        return packs_in_use(self.district.pk, self.shelf)

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = CategoryMeaning.objects.filter(district=self.district)
        return super().get_form_kwargs() | {
            "categories": [each.category for each in self.uses],
            "codes": codes_of_packs(self.packs, self.shelf),
            "said": dict(rows.values_list("category", "codes")),
        }

    def said(self, form: MeaningsForm) -> dict[str, Any]:
        return {"meanings": form.meanings}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs, breadcrumbs=crumbs())
        trails = (Trail(CategoryMeaning.history.filter(district=self.district), ("category",)),)
        return context | {
            "questions": [(use, context["form"][field_of(use.category)]) for use in self.uses],
            "unsaid": sum(use.is_unsaid for use in self.uses),
            "uncounted": sum(use.uncounted_hours for use in self.uses),
            "packs": self.packs,
            "changes": read(trails, timeline(trails)[:CHANGES]),
        }


class ChangePage(RulesAreChanged, TablePage):
    """What a change would do, or did: whose rules, whose status."""

    capability = Capability.CREDIT_RULES_EDIT
    template_name = "learning_plans/rule_packs/change.html"
    table = tables.FORESEEN_LISTED
    filterset_class = ForeseenFilter
    ordering = "name"
    row_url_name = "learning_plans:licence"
    row_key = "licence"

    @cached_property
    def change(self) -> RuleChange:
        return editable_change(self.request, self.kwargs["pk"])

    def get_queryset(self) -> QuerySet[ForeseenStanding]:
        rows = ForeseenStanding.objects.visible_to(self.request.user).filter(change=self.change).with_names()
        return rows if self.change.worked_out_at else rows.none()

    def download(self, rows: QuerySet[ForeseenStanding], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("licence__teacher"))
        note_export(reader=self.request.user, teachers=people, part="licences")
        self.table = tables.FORESEEN_STANDINGS  # type: ignore[misc]
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs, breadcrumbs=crumbs())
        rows = self.get_queryset()
        counts = rows.aggregate(rows=Count("pk"), day=Max("change__as_of"))
        return context | {
            "change": self.change,
            "what": in_words(self.change),
            "transitions": rule_changes.transitions(rows),
            "changed": counts["rows"],
            "job": self.change.job,
            "job_url": self.change.job.get_absolute_url() if self.change.job else "",
        }


def editable_change(request: HttpRequest, pk: int) -> RuleChange:
    rows = RuleChange.objects.editable_by(request.user).select_related("job", "made_by", "confirmed_by", "district")
    found: RuleChange = get_object_or_404(rows, pk=pk)
    return found


def in_words(change: RuleChange) -> list[str]:
    """What would hold, one sentence for each part."""
    said = change.said
    if change.kind == Kind.MEANINGS:
        return [
            _("“%(category)s”: %(meaning)s") % {"category": category, "meaning": meaning_words(codes)}
            for category, codes in sorted(said["meanings"].items())
        ]
    since = rule_changes.day_of(said)
    day = {"day": date_format(since, "DATE_FORMAT")}
    when = _("For periods that end on or after %(day)s.") % day if said["holds_from"] else _("For all periods.")
    if change.kind == Kind.VERSION:
        return [_("New version of %(code)s.") % said, when]
    meant = str(PackChoice(jurisdiction=said["jurisdiction"], licence_type=said["licence_type"]))
    if change.kind == Kind.CHOICE:
        return [_("%(licenses)s: %(code)s.") % {"licenses": meant, "code": said["rule_pack"]}, when]
    if said["goes"]:
        return [_("%(licenses)s: this choice goes.") % {"licenses": meant}]
    return [_("%(licenses)s: this choice ends.") % {"licenses": meant}, when]


def meaning_words(codes: list[str] | None) -> str:
    if codes is None:
        return _("nothing is said any more")
    return ", ".join(map(name_of, codes)) or _("hours without a category")


class ConfirmChange(RulesAreChanged, View):
    """Only what was looked at holds: where the rules changed since, one looks once more."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        change, user, at = editable_change(request, pk), request.user, timezone.now()
        try:
            waiting = rule_changes.confirm(change, actor=user, on=user.today, at=at)
        except rule_changes.Outdated:
            return self.look_again(change)
        except ValidationError as error:
            say_errors(request, error.messages)
            return redirect(change)
        words = _("It holds now.")
        if waiting:
            more = ngettext(
                "%(count)d license is being worked out anew; that takes a moment.",
                "%(count)d licenses are being worked out anew; that takes a moment.",
                waiting,
            )
            words = f"{words} {more % {'count': waiting}}"
        messages.success(request, words)
        return redirect(change)

    def look_again(self, change: RuleChange) -> HttpResponse:
        user = self.request.user
        try:
            change = rule_changes.look_again(change, actor=user, on=user.today, at=timezone.now())
        except ValidationError as error:
            say_errors(self.request, error.messages)
            return redirect(change)
        messages.warning(self.request, _("The rules or the day changed since you looked. This is what it does now."))
        return redirect(change)


urlpatterns = [
    path("renewal-rules/choices/", Choices.as_view(), name="rule_choices"),
    path("renewal-rules/choices/new/", ChooseRules.as_view(), name="choose_rules"),
    path("renewal-rules/choices/<int:pk>/", ChooseRules.as_view(), name="rule_choice"),
    path("renewal-rules/choices/<int:pk>/end/", EndChoice.as_view(), name="end_choice"),
    path("renewal-rules/categories/", Meanings.as_view(), name="category_meanings"),
    path("renewal-rules/changes/<int:pk>/", ChangePage.as_view(), name="rule_change"),
    path("renewal-rules/changes/<int:pk>/confirm/", ConfirmChange.as_view(), name="confirm_rule_change"),
]
