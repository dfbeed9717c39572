"""Renewal rules in words: those that come with the product, those of the district, and their versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from learning_plans.actions import rule_rows
from learning_plans.credit.pack_words import SURENESS_NAMES, about, described
from learning_plans.credit.shelf import RuleShelf, shelf_of
from learning_plans.credit.wording import unverified_words
from learning_plans.forms.rule_packs import AdaptForm, OwnerForm
from learning_plans.models import DistrictPack, LicenceStanding, PackChoice, PackVersion
from learning_plans.models.choices import LicenceStatusName
from learning_plans.querysets.credit import rule_districts, ruled_by
from learning_plans.rules.credit.amending import difference
from learning_plans.rules.credit.pack import Pack
from learning_plans.rules.credit.shelf import texts
from pd_tracker.access import Capability, Reader
from pd_tracker.web.views import CapabilityMixin
from teachers.changes import Trail, read, timeline
from teachers.forms.records import ReasonForm
from teachers.models import District
from teachers.views.parts import KeptFormPage

CHANGES = 20
SURENESS_TONES = {"H": "valid", "M": "due_soon", "L": "unverified"}


@dataclass(slots=True)
class Decided:
    """How many licenses rules decide about now, by status."""

    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return self.statuses.total()

    @property
    def in_words(self) -> list[tuple[str, Any, int]]:
        return [(each.value, each.label, self.statuses[each]) for each in LicenceStatusName if self.statuses[each]]


@dataclass(frozen=True, slots=True)
class ShownPack:
    pack: Pack
    own: DistrictPack | None
    decided: Decided

    @property
    def sureness(self) -> tuple[str, Any]:
        return SURENESS_TONES[self.pack.sureness], SURENESS_NAMES[self.pack.sureness]


def decided_by(user: Reader) -> dict[str, Decided]:
    """By the code of the rules, of the licenses one may read."""
    found: dict[str, Decided] = {}
    standings = LicenceStanding.objects.visible_to(user).of_employed(on=user.today).order_by()
    for code, status, count in standings.values_list("rule_pack", "status").annotate(Count("pk")):
        found.setdefault(code, Decided()).statuses[status] += count
    return found


class OfRules(CapabilityMixin):
    """Pages that the staff of a district reads; rules serve the whole district."""

    capability = Capability.COURSES_VIEW

    @cached_property
    def district(self) -> District:
        user = self.request.user  # type: ignore[attr-defined]
        found: District = get_object_or_404(rule_districts(user)[:1])
        return found

    @cached_property
    def shelf(self) -> RuleShelf:
        return shelf_of(self.district.pk)

    @cached_property
    def may_edit(self) -> bool:
        return ruled_by(self.request.user).filter(pk=self.district.pk).exists()  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Renewal rules"), reverse("learning_plans:rule_packs"))]
        kwargs = {"breadcrumbs": crumbs, "may_edit": self.may_edit} | kwargs
        return super().get_context_data(**kwargs)  # type: ignore[misc]


class RulesAreChanged(OfRules):
    """Pages of whoever looks after the rules."""

    capability = Capability.CREDIT_RULES_EDIT

    @cached_property
    def district(self) -> District:
        found: District = get_object_or_404(ruled_by(self.request.user)[:1])  # type: ignore[attr-defined]
        return found


def known_pack(shelf: RuleShelf, code: str) -> Pack:
    pack = shelf.pack(code, ends_on=None)
    if pack is None:
        raise Http404
    return pack


class RulePacks(OfRules, TemplateView):
    template_name = "learning_plans/rule_packs/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {row.code: row for row in DistrictPack.objects.filter(district=self.district)}
        decided = decided_by(self.request.user)
        shown = [
            ShownPack(known_pack(self.shelf, code), own.get(code), decided.get(code, Decided()))
            for code in self.shelf.codes
        ]
        return super().get_context_data(
            **kwargs,
            own_packs=[each for each in shown if each.own],
            shipped_packs=sorted((each for each in shown if not each.own), key=lambda each: -each.decided.count),
            breadcrumbs=[],
            count=len(shown),
        )


class RulePack(OfRules, TemplateView):
    template_name = "learning_plans/rule_packs/pack.html"

    def get_context_data(self, code: str, **kwargs: Any) -> dict[str, Any]:
        pack = known_pack(self.shelf, code)
        own = DistrictPack.objects.filter(district=self.district, code=code).first()
        choices = PackChoice.objects.filter(district=self.district, rule_pack=code)
        trails = own_trails(own) if own and self.may_edit else ()
        return super().get_context_data(
            **kwargs,
            shown=ShownPack(pack, own, decided_by(self.request.user).get(code, Decided())),
            pack=pack,
            own=own,
            about=about(pack),
            parts=described(pack),
            unverified=unverified_words(pack),
            versions=own.versions.order_by("-number").select_related("made_by") if own else (),
            choices=choices,
            changes=read(trails, timeline(trails)[:CHANGES]) if trails else (),
        )


def own_trails(own: DistrictPack) -> tuple[Trail, ...]:
    return (Trail(DistrictPack.history.filter(id=own.pk)),)


class RulePackVersion(OfRules, TemplateView):
    """What one version says, and what it changed."""

    template_name = "learning_plans/rule_packs/version.html"

    def get_context_data(self, code: str, number: int, **kwargs: Any) -> dict[str, Any]:
        versions = PackVersion.objects.filter(pack__district=self.district, pack__code=code)
        version = get_object_or_404(versions.select_related("pack", "made_by"), number=number)
        against = self.request.GET.get("against", "")
        before = versions.filter(number__lt=number).order_by("-number")
        if against.isascii() and against.isdigit() and len(against) < 6:
            before = versions.exclude(number=number).filter(number=against)
        old = before.first()
        crumbs = [(_("Renewal rules"), reverse("learning_plans:rule_packs")), (version.pack, pack_url(code))]
        text_before = old.text if old else texts().get(version.pack.based_on, "")
        return super().get_context_data(
            **kwargs,
            version=version,
            old=old,
            others=versions.exclude(number=number).order_by("number"),
            lines=difference(text_before, version.text) if text_before else [],
            is_compared=bool(text_before),
            breadcrumbs=crumbs,
        )


def pack_url(code: str) -> str:
    return reverse("learning_plans:rule_pack", args=[code])


class AdaptRules(RulesAreChanged, KeptFormPage):
    """Rules of the district's own, made from others."""

    capability = Capability.CREDIT_RULES_EDIT
    template_name = "learning_plans/rule_packs/adapt.html"
    form_class = AdaptForm
    title = gettext_lazy("Make rules of our own from these")

    @cached_property
    def source(self) -> Pack:
        return known_pack(self.shelf, self.kwargs["code"])

    @property
    def text(self) -> str:
        own = self.shelf.versions.get(self.source.id)
        return own[-1].text if own else texts()[self.source.id]

    def get_form_kwargs(self) -> dict[str, Any]:
        new = DistrictPack(district=self.district, based_on=self.source.id, title=self.source.title)
        return super().get_form_kwargs() | {"instance": new}

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.request.user.name}

    def save(self, form: AdaptForm) -> None:
        given = form.cleaned_data
        self.made = rule_rows.adapt(
            source=self.source.id,
            text=self.text,
            code=given["code"],
            title=given["title"],
            owner=given["owner"],
            district=self.district,
            actor=self.request.user,
            at=timezone.now(),
        )

    def said(self) -> str:
        return _("Made. It says what it was made from; change it here. It holds for nobody before you choose it.")

    def back(self) -> str:
        made = getattr(self, "made", None)
        return reverse("learning_plans:edit_rules", args=[made.code]) if made else pack_url(self.kwargs["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, source=self.source, unverified=unverified_words(self.source))


class OfOwnRules(RulesAreChanged, KeptFormPage):
    """A page about one pack of the district's own."""

    capability = Capability.CREDIT_RULES_EDIT

    @cached_property
    def own(self) -> DistrictPack:
        rows = DistrictPack.objects.filter(district=self.district, code=self.kwargs["code"])
        found: DistrictPack = get_object_or_404(rows.select_for_update() if self.request.POST else rows)
        return found

    def back(self) -> str:
        return pack_url(self.own.code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Renewal rules"), reverse("learning_plans:rule_packs")), (self.own, self.back())]
        return super().get_context_data(**{"own": self.own, "breadcrumbs": crumbs} | kwargs)


class RulesOwner(OfOwnRules):
    form_class = OwnerForm
    title = gettext_lazy("Who looks after these rules")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.own}

    def save(self, form: OwnerForm) -> None:
        reason = form.cleaned_data["reason"]
        rule_rows.save_pack(pack=form.instance, actor=self.request.user, reason=reason)


class RetireRules(OfOwnRules):
    template_name = "teachers/confirm.html"
    form_class = ReasonForm

    def save(self, form: ReasonForm) -> None:
        is_retired = not self.own.is_retired
        reason = form.cleaned_data["reason"]
        rule_rows.retire(pack=self.own, is_retired=is_retired, actor=self.request.user, reason=reason)

    def said(self) -> str:
        return _("Retired. You can bring it back at any time.") if self.own.is_retired else _("Brought back.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_retired = self.own.is_retired
        words = (
            _("“%(row)s” can be chosen again.")
            if is_retired
            else _("“%(row)s” can be chosen no more. Where it is chosen already it goes on deciding.")
        )
        return super().get_context_data(
            **kwargs,
            title=_("Bring it back?") if is_retired else _("Retire it?"),
            words=words % {"row": self.own},
            action_label=_("Bring back") if is_retired else _("Retire"),
            grave=not is_retired,
        )


def offered(shelf: RuleShelf, district: District) -> list[tuple[str, str]]:
    """Rules that can be chosen, the district's own first."""
    retired = set(DistrictPack.objects.filter(district=district, is_retired=True).values_list("code", flat=True))
    packs: Iterable[Pack] = (known_pack(shelf, code) for code in shelf.codes if code not in retired)
    in_order = sorted(packs, key=lambda pack: (pack.id not in shelf.versions, pack.jurisdiction, pack.title))
    return [(pack.id, choice_words(pack)) for pack in in_order]


def choice_words(pack: Pack) -> str:
    if pack.is_verified:
        return f"{pack.title} ({pack.id})"
    return _("%(title)s (%(code)s), unverified") % {"title": pack.title, "code": pack.id}


urlpatterns = [
    path("renewal-rules/", RulePacks.as_view(), name="rule_packs"),
    path("renewal-rules/<str:code>/", RulePack.as_view(), name="rule_pack"),
    path("renewal-rules/<str:code>/adapt/", AdaptRules.as_view(), name="adapt_rules"),
    path("renewal-rules/<str:code>/owner/", RulesOwner.as_view(), name="rules_owner"),
    path("renewal-rules/<str:code>/retire/", RetireRules.as_view(), name="retire_rules"),
    path("renewal-rules/<str:code>/versions/<int:number>/", RulePackVersion.as_view(), name="rule_pack_version"),
]
