"""One license as HR looks after it: where it stands, waivers, facts that rules ask for, extensions, notices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from learning_plans.actions import licences as actions
from learning_plans.actions.standings import standing
from learning_plans.credit.cases import case_of
from learning_plans.credit.renewal_words import lacking
from learning_plans.credit.shelf import shelf_of
from learning_plans.credit.wording import name_of
from learning_plans.forms.licence_care import ExtensionForm, FactsForm, ReasonedForm, WaiverForm, label_of
from learning_plans.models import RenewalNotice, Waiver
from learning_plans.models.choices import LicenceStatusName
from learning_plans.rules.credit.asking import FactKind, asked_by
from learning_plans.rules.credit.pack import Pack
from pd_tracker.access import Capability
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words
from pd_tracker.web.views import CapabilityMixin
from teachers.actions.viewing import note_view
from teachers.models import Licence
from teachers.querysets.people import reaches, teachers_for
from teachers.views.parts import KeptFormPage


class OfLicence(CapabilityMixin):
    """A page about one license on the board."""

    capability = Capability.RENEWALS_VIEW
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def licence(self) -> Licence:
        rows = Licence.objects.filter(teacher__in=teachers_for(self.request.user, self.capability))
        if self.request.method == "POST":
            rows = rows.select_for_update(of=("self",))
        found: Licence = get_object_or_404(rows.select_related("teacher__district"), pk=self.kwargs["pk"])
        return found

    @cached_property
    def pack(self) -> Pack | None:
        return shelf_of(self.licence.teacher.district_id).pack_for(self.licence)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Renewals"), reverse("learning_plans:renewals")),
            (self.licence, reverse("learning_plans:licence", args=[self.licence.pk])),
        ]


class Renewal(OfLicence, TemplateView):
    template_name = "learning_plans/renewals/licence.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        licence, user = self.licence, self.request.user
        note_view(reader=user, teacher=licence.teacher, part="licences")
        case = case_of(licence, on=user.today)
        found = standing(case, at=timezone.now()) if case else None
        notices = RenewalNotice.objects.visible_to(user).filter(licence=licence).select_related("mailing__sent_by")
        return super().get_context_data(
            **kwargs,
            licence=licence,
            teacher=licence.teacher,
            standing=found,
            status=LicenceStatusName(found.status) if found else None,
            unit=name_of(found.unit) if found else "",
            missing=lacking(max(found.required - found.counted, 0), found.unit, found.short) if found else "",
            days_left=(licence.ends_on - user.today).days if licence.ends_on else None,
            pack=self.pack,
            waivers=Waiver.objects.visible_to(user).filter(licence=licence).select_related("granted_by"),
            facts=[(label_of(name), words) for name, words in self.answers()],
            notices=notices,
            may_edit=reaches(user, Capability.LICENCES_EDIT, licence.teacher) and licence.teacher.user_id != user.pk,
            breadcrumbs=self.crumbs(),
        )

    def answers(self) -> list[tuple[str, str]]:
        """What the rules ask for with what is known; what only other rules ask for comes last."""
        asked = asked_by(self.pack) if self.pack else {}
        known = dict(self.licence.facts.values_list("name", "value"))  # type: ignore[attr-defined]
        names = [*asked, *(name for name in known if name not in asked)]
        return [(name, spoken(known.get(name), asked.get(name))) for name in names]


def spoken(value: Any, kind: FactKind | None) -> str:
    if value is None and kind is not FactKind.YES_NO:
        return _("not known")
    if isinstance(value, bool) or value is None:
        return in_words(bool(value), Kind.YES_NO)
    return str(value)


class CarePage(OfLicence, KeptFormPage):
    """A form about one license."""

    capability = Capability.LICENCES_EDIT
    template_name = "learning_plans/renewals/care.html"

    def back(self) -> str:
        return reverse("learning_plans:renewal", args=[self.licence.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [*self.crumbs(), (_("Waivers, facts, notices"), self.back())]
        return super().get_context_data(
            **{"person": self.licence.teacher, "licence": self.licence, "breadcrumbs": crumbs} | kwargs
        )


class GrantWaiver(CarePage):
    title = gettext_lazy("Grant a waiver")
    form_class = WaiverForm

    def save(self, form: WaiverForm) -> None:
        actions.grant_waiver(
            licence=self.licence,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=timezone.now(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = name_of(self.pack.unit) if self.pack else ""
        words = _("The rules of this license count in %(unit)s.") % {"unit": unit} if unit else ""
        return super().get_context_data(**kwargs, words=words)


class TakeBackWaiver(CarePage):
    title = gettext_lazy("Take back this waiver?")
    form_class = ReasonedForm

    @cached_property
    def waiver(self) -> Waiver:
        rows = Waiver.objects.editable_by(self.request.user).filter(taken_back_at=None)
        found: Waiver = get_object_or_404(rows.select_related("licence__teacher"), pk=self.kwargs["pk"])
        return found

    @cached_property
    def licence(self) -> Licence:
        return self.waiver.licence

    def save(self, form: ReasonedForm) -> None:
        reason = form.cleaned_data["reason"]
        actions.take_back_waiver(waiver=self.waiver, reason=reason, actor=self.request.user, at=timezone.now())

    def said(self) -> str:
        return _("Taken back. It stays to be read, and counts no longer.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("“%(waiver)s” will no longer lessen what is owed.") % {"waiver": self.waiver}
        return super().get_context_data(**kwargs, words=words)


class Facts(CarePage):
    title = gettext_lazy("What the rules ask for")
    form_class = FactsForm

    def get_form_kwargs(self) -> dict[str, Any]:
        known = dict(self.licence.facts.values_list("name", "value"))  # type: ignore[attr-defined]
        asked = asked_by(self.pack) if self.pack else {}
        return super().get_form_kwargs() | {"asked": asked, "known": known}

    def save(self, form: FactsForm) -> None:
        reason = form.cleaned_data["reason"]
        self.changed = actions.set_facts(licence=self.licence, given=form.given, reason=reason, actor=self.request.user)

    def said(self) -> str:
        return _("Saved. Changed: %(count)d.") % {"count": self.changed}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asks = asked_by(self.pack) if self.pack else {}
        words = "" if asks else _("The rules of this license ask for nothing beside hours.")
        return super().get_context_data(**kwargs, words=words, has_nothing_to_ask=not asks)


class Extend(CarePage):
    title = gettext_lazy("Extend this license by law")
    form_class = ExtensionForm

    def get_initial(self) -> dict[str, Any]:
        return {"until": self.licence.extended_until}

    def save(self, form: ExtensionForm) -> None:
        given = form.cleaned_data
        actions.extend(licence=self.licence, until=given["until"], reason=given["reason"], actor=self.request.user)


urlpatterns = [
    path("renewals/licenses/<int:pk>/", Renewal.as_view(), name="renewal"),
    path("renewals/licenses/<int:pk>/waiver/", GrantWaiver.as_view(), name="grant_waiver"),
    path("renewals/licenses/<int:pk>/facts/", Facts.as_view(), name="licence_facts"),
    path("renewals/licenses/<int:pk>/extension/", Extend.as_view(), name="extend_licence"),
    path("renewals/waivers/<int:pk>/take-back/", TakeBackWaiver.as_view(), name="take_back_waiver"),
]
