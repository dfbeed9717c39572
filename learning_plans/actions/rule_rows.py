"""The rows of a district's renewal rules: choices, versions, meanings; written as they were confirmed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from learning_plans.models import CategoryMeaning, DistrictPack, PackChoice, PackVersion
from learning_plans.rules.choices import RuleChangeKind as Kind
from learning_plans.rules.credit.amending import renamed
from learning_plans.rules.credit.reading import read_pack
from learning_plans.rules.credit.shelf import shipped
from teachers.actions.keeping import keep, remove
from teachers.models import District, User

Said = dict[str, Any]


def write(kind: Kind, said: Said, *, district: District, reason: str, actor: User, at: datetime) -> None:
    match kind:
        case Kind.CHOICE:
            save_choice(said, district=district, reason=reason, actor=actor)
        case Kind.NO_CHOICE if said["goes"]:
            drop_choice(said, district=district, reason=reason, actor=actor)
        case Kind.NO_CHOICE:
            save_choice(said, district=district, reason=reason, actor=actor)
        case Kind.VERSION:
            pack = DistrictPack.objects.get(district=district, code=said["code"])
            add_version(pack=pack, text=said["text"], holds_from=day(said), reason=reason, actor=actor, at=at)
        case Kind.MEANINGS:
            save_meanings(said["meanings"], district=district, reason=reason, actor=actor)


def day(said: Said) -> date | None:
    return date.fromisoformat(said["holds_from"]) if said.get("holds_from") else None


def chosen(said: Said, *, district: District) -> PackChoice:
    """The row for the same licenses from the same day on, or a new one."""
    place = {"district": district, "holds_from": day(said)}
    same = {f"{name}__iexact": said[name] for name in ("jurisdiction", "licence_type")}
    found = PackChoice.objects.filter(**place, **same).first()
    return found or PackChoice(**place, jurisdiction=said["jurisdiction"], licence_type=said["licence_type"])


def save_choice(said: Said, *, district: District, reason: str, actor: User) -> PackChoice:
    row = chosen(said, district=district)
    row.rule_pack = said["rule_pack"]
    return keep(row, actor=actor, verb="pack_choice.saved", reason=reason)


def drop_choice(said: Said, *, district: District, reason: str, actor: User) -> None:
    row = chosen(said, district=district)
    if row.pk is not None:
        remove(row, actor=actor, verb="pack_choice.removed", reason=reason)


def save_meanings(meanings: dict[str, list[str] | None], *, district: District, reason: str, actor: User) -> None:
    """What each category means; none takes back what was said."""
    known = {row.category.casefold(): row for row in CategoryMeaning.objects.filter(district=district)}
    for category, codes in meanings.items():
        row = known.get(category.casefold())
        if codes is not None:
            row = row or CategoryMeaning(district=district, category=category)
            row.codes = codes
            keep(row, actor=actor, verb="category_meaning.saved", reason=reason)
        elif row is not None:
            remove(row, actor=actor, verb="category_meaning.removed", reason=reason)


@transaction.atomic
def adapt(
    *, source: str, text: str, code: str, title: str, owner: str, district: District, actor: User, at: datetime
) -> DistrictPack:
    """Rules of the district's own that say, for now, what others say. They hold for nobody until they are chosen."""
    if code in shipped():
        raise ValidationError({"code": _("Other rules already have this short name.")})
    pack = DistrictPack(district=district, code=code, title=title, based_on=source, owner=owner)
    keep(pack, actor=actor, verb="rule_pack.adapted", source=source)
    words = _("Made from %(source)s.") % {"source": source}
    named = renamed(text, code=code, title=title)
    add_version(pack=pack, text=named, holds_from=None, reason=words, actor=actor, at=at)
    return pack


@transaction.atomic
def add_version(
    *, pack: DistrictPack, text: str, holds_from: date | None, reason: str, actor: User, at: datetime
) -> PackVersion:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the rules change.")})
    read = read_pack(text, name=pack.code)
    last = pack.versions.aggregate(last=Max("number"))["last"] or 0
    version = PackVersion(
        pack=pack, number=last + 1, text=text, holds_from=holds_from, reason=reason.strip(), made_by=actor, made_at=at
    )
    keep(version, actor=actor, verb="pack_version.made", reason=reason)
    if pack.title != read.title[:200]:
        pack.title = read.title[:200]
        keep(pack, actor=actor, verb="rule_pack.renamed")
    return version


@transaction.atomic
def save_pack(*, pack: DistrictPack, actor: User, reason: str = "") -> DistrictPack:
    return keep(pack, actor=actor, verb="rule_pack.saved", reason=reason)


@transaction.atomic
def retire(*, pack: DistrictPack, is_retired: bool, actor: User, reason: str) -> DistrictPack:
    """Retired rules are offered no more; licenses that they hold for stay decided by them."""
    pack.is_retired = is_retired
    verb = "rule_pack.retired" if is_retired else "rule_pack.brought_back"
    return keep(pack, actor=actor, verb=verb, reason=reason)
