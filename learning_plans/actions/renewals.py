"""Writing to people whose licenses end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from learning_plans.credit.renewal_words import lacking
from learning_plans.models import LicenceStanding, RenewalMailing, RenewalNotice
from learning_plans.rules.merging import filled
from pd_tracker.audit.actions import record
from pd_tracker.notices.actions import tell_each
from pd_tracker.notices.models import Notice
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words
from teachers.models import District, User

A_WEEK = timedelta(days=7)
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person would read about one license."""

    standing: LicenceStanding
    words: str
    short: str
    days_left: int | None


def letter(standing: LicenceStanding, *, text: str, on: date) -> Letter:
    """`standing` comes from the board, with its license and teacher."""
    missing: Decimal | None = standing.missing  # type: ignore[attr-defined]
    short = lacking(missing or Decimal(0), standing.unit, standing.short)
    left = (standing.ends_on - on).days if standing.ends_on else None
    values = {
        "name": str(standing.licence.teacher),
        "license": str(standing.licence),
        "end": in_words(standing.ends_on, Kind.DATE),
        "short": short,
        "days_left": str(max(left or 0, 0)),
    }
    return Letter(standing, filled(text, values), short, left)


def told_lately(standings: Iterable[LicenceStanding], *, at: datetime) -> int:
    """How many of them got a notice within the last seven days."""
    week_ago = at - A_WEEK
    moments: list[datetime | None] = [each.noticed_at for each in standings]  # type: ignore[attr-defined]
    return len([moment for moment in moments if moment is not None and moment >= week_ago])


@transaction.atomic
def send_notices(
    *,
    standings: Sequence[LicenceStanding],
    text: str,
    in_site: bool,
    again: bool,
    actor: User,
    on: date,
    at: datetime,
) -> RenewalMailing:
    """Writes down who got which words, and tells those who sign in here; it cannot be taken back."""
    if not standings:
        raise ValidationError(_("Choose at least one license first."))
    if len(standings) > MOST:
        raise ValidationError(_("These are more than %(most)d licenses. Narrow the list first.") % {"most": MOST})
    district = District.objects.select_for_update().get(pk=standings[0].licence.teacher.district_id)
    lately = RenewalNotice.objects.filter(licence__in=[each.licence_id for each in standings]).since(at - A_WEEK)
    if not again and lately.exists():
        raise ValidationError({"again": _("Some of them were written to within the last seven days. Say so first.")})
    mailing = RenewalMailing.objects.create(district=district, text=text, in_site=in_site, sent_at=at, sent_by=actor)
    rows = [_notice(mailing, letter(each, text=text, on=on)) for each in standings]
    notices = RenewalNotice.objects.bulk_create(rows, batch_size=500)
    told = [
        (user_id, row.get_absolute_url(), _facts(row))
        for row in notices
        if row.was_told and (user_id := row.licence.teacher.user_id) is not None
    ]
    tell_each(told, kind=Notice.Kind.LICENCE_ENDS)
    record(actor=actor, verb="renewals.noticed", subject=mailing, licences=len(notices), told=len(told))
    return mailing


def _notice(mailing: RenewalMailing, written: Letter) -> RenewalNotice:
    standing = written.standing
    return RenewalNotice(
        mailing=mailing,
        licence=standing.licence,
        words=written.words,
        ends_on=standing.ends_on,
        days_left=written.days_left,
        short=written.short[:400],
        school=standing.school_name or "",  # type: ignore[attr-defined]
        was_told=mailing.in_site and standing.licence.teacher.user_id is not None,
    )


def _facts(row: RenewalNotice) -> dict[str, str]:
    facts = {"license": str(row.licence)}
    return facts | ({"day": row.ends_on.isoformat()} if row.ends_on else {})
