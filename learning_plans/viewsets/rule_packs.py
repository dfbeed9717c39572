"""Renewal rules for programs: in words and as data, which of them hold, and what categories mean in them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from learning_plans.credit.pack_words import described
from learning_plans.credit.shelf import RuleShelf, shelf_of
from learning_plans.credit.wording import amount_text
from learning_plans.filters.rule_packs import ChoiceFilter
from learning_plans.models import CategoryMeaning, DistrictPack, PackChoice
from learning_plans.querysets.credit import rule_districts
from learning_plans.rules.credit.pack import Pack
from learning_plans.rules.credit.shelf import texts
from learning_plans.tables.rule_packs import CHOICE
from pd_tracker.access import Capability
from pd_tracker.api.resources import ApiViewSet, TableViewSet

READ_BY_STAFF = {"list": Capability.COURSES_VIEW, "retrieve": Capability.COURSES_VIEW}
TEXT, TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
FLAG = {"type": "boolean"}
OBJECT = {"type": "object", "additionalProperties": True}
IN_SHORT = {
    "code": TEXT, "title": TEXT, "jurisdiction": TEXT, "unit": TEXT, "sureness": TEXT, "is_verified": FLAG,
    "owner": TEXT, "is_own": FLAG, "is_retired": FLAG,
}  # fmt: skip
MORE = {
    "words": {"type": "array", "items": OBJECT}, "rules": OBJECT, "text": TEXT, "sources": TEXTS,
    "versions": {"type": "array", "items": OBJECT},
}  # fmt: skip


def listed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


class RulePackViewSet(ApiViewSet):
    """Renewal rules by their short names: those that come with the product and the district's own.

    One alone comes in words, as data with amounts as decimal texts, and as the text that it was read from.
    """

    capabilities: ClassVar[dict[str, Capability]] = READ_BY_STAFF
    answers: ClassVar[dict[str, dict[str, Any]]] = {
        "list": listed(IN_SHORT),
        "retrieve": {"type": "object", "properties": IN_SHORT | MORE},
    }
    lookup_field, lookup_value_regex = "code", "[A-Za-z0-9][A-Za-z0-9_.-]{0,59}"

    def shelf(self) -> tuple[RuleShelf, dict[str, DistrictPack]]:
        district = rule_districts(self.request.user).first()
        if district is None:
            raise Http404
        return shelf_of(district.pk), {row.code: row for row in DistrictPack.objects.filter(district=district)}

    def list(self, request: Request) -> Response:
        shelf, own = self.shelf()
        packs = (shelf.pack(code, ends_on=None) for code in shelf.codes)
        return Response([in_short(pack, own.get(pack.id)) for pack in packs if pack])

    def retrieve(self, request: Request, code: str) -> Response:
        shelf, own = self.shelf()
        pack, row = shelf.pack(code, ends_on=None), own.get(code)
        if pack is None:
            raise Http404
        versions = row.versions.order_by("number").values("number", "holds_from", "reason", "made_at") if row else ()
        return Response(
            in_short(pack, row)
            | {
                "words": [{"title": str(part.title), "sentences": part.sentences} for part in described(pack)],
                "rules": as_data(asdict(pack)),
                "text": shelf.versions[code][-1].text if code in shelf.versions else texts()[code],
                "sources": pack.sources,
                "versions": list(versions),
            }
        )


def in_short(pack: Pack, own: DistrictPack | None) -> dict[str, Any]:
    return {
        "code": pack.id,
        "title": pack.title,
        "jurisdiction": pack.jurisdiction,
        "unit": pack.unit,
        "sureness": pack.sureness.value,
        "is_verified": pack.is_verified,
        "owner": pack.owner,
        "is_own": own is not None,
        "is_retired": own is not None and own.is_retired,
    }


def as_data(value: Any) -> Any:
    match value:
        case dict():
            return {name: as_data(each) for name, each in value.items()}
        case list() | tuple():
            return [as_data(each) for each in value]
        case Fraction():
            return amount_text(value)
        case date():
            return value.isoformat()
    return value


class RuleChoiceViewSet(TableViewSet):
    """Which rules hold for licenses that name none of their own; the closest choice holds.

    Without a state or a type a choice holds for all others; without rules it ends an earlier one from its day on.
    """

    model = PackChoice
    table = CHOICE
    filterset_class = ChoiceFilter
    ordering = "jurisdiction"
    capabilities: ClassVar[dict[str, Capability]] = READ_BY_STAFF

    def rows(self) -> QuerySet[PackChoice]:
        return PackChoice.objects.visible_to(self.request.user)


class CategoryMeaningViewSet(ApiViewSet):
    """What the district's categories count as in renewal rules; no code means hours without a category."""

    capabilities: ClassVar[dict[str, Capability]] = {"list": Capability.COURSES_VIEW}
    answers: ClassVar[dict[str, dict[str, Any]]] = {"list": listed({"category": TEXT, "codes": TEXTS})}

    def list(self, request: Request) -> Response:
        rows = CategoryMeaning.objects.visible_to(request.user).order_by("category", "pk")
        return Response(list(rows.values("category", "codes")))
