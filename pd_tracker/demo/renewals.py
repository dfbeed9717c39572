"""HR's side of licenses: hours that wait, a waiver and a fact, notices sent, and the totals of the system before."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from learning_plans.actions.comparing import compare
from learning_plans.actions.renewals import send_notices
from learning_plans.actions.standings import bring_up_to_date
from learning_plans.models import Completion, Evidence, LicenceFact, LicenceStanding, OldTotal, StandingRun, Waiver
from learning_plans.querysets.credit import LicenceStandingQuerySet
from learning_plans.querysets.renewals import with_board
from learning_plans.rules.credit.renewals import Bucket
from pd_tracker.access import Role
from pd_tracker.audit.since import LONGEST_TRANSACTION
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add, moment
from pd_tracker.demo.story import PENDING, outside

WAITING, WRITTEN_TO, COMPARED = 12, 8, 60
TEXT = (
    "Dear {name},\n\nyour license {license} is valid until {end}. Still missing: {short}.\n\n"
    "Please talk to us about what would fit.\n\nHuman Resources"
)
# The smallest page that says something: what a provider's certificate looks like is invented, like everything here.
CERTIFICATE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 52>>stream\nBT /F 24 Tf 60 160 Td (Certificate: 6 hours) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def add_renewals(loaded: Loaded) -> None:
    today = loaded.played.today
    add_waiting(loaded)
    standings: LicenceStandingQuerySet = LicenceStanding.objects.all()
    missing = standings.filter(status="behind").order_by("ends_on", "pk").select_related("licence")
    hr, at = loaded.user(Role.HR), moment(today - timedelta(days=40))
    first, second = missing[:2]
    reason = "A year of leave after an accident, papers seen"
    add([Waiver(licence=first.licence, amount=Decimal(20), reason=reason, granted_by=hr, granted_at=at)])
    add([LicenceFact(licence=second.licence, name="national_board", value=True)])
    write_notices(loaded, standings)
    bring_up_to_date(district=loaded.district, on=today, at=moment(today))
    add_old_totals(loaded)
    # Nobody else writes while the district is made, so whatever changes from now on is news, and nothing before.
    StandingRun.objects.update(ran_at=timezone.now() + LONGEST_TRANSACTION)


def add_waiting(loaded: Loaded) -> None:
    """Learning outside the district, some of it waiting for longer than it should; one with its certificate."""
    today, course = loaded.played.today, loaded.courses[PENDING]
    holders = LicenceStanding.objects.exclude(licence__teacher__user=loaded.user(Role.TEACHER)).order_by("pk")
    people = [each.licence.teacher for each in holders.select_related("licence__teacher")[:WAITING]]
    rows = add(
        outside(teacher, course, today - timedelta(days=3 + 2 * number)) for number, teacher in enumerate(people)
    )
    own = Completion.objects.filter(teacher__user=loaded.user(Role.TEACHER), state="pending").first()
    for row in filter(None, (own, rows[-1])):
        proof = Evidence(
            completion=row,
            filename="certificate.pdf",
            content_type="application/pdf",
            size=len(CERTIFICATE),
            sha256=hashlib.sha256(CERTIFICATE).hexdigest(),
            added_by=row.teacher.user,
            added_at=row.recorded_at,
        )
        proof.file.save(proof.filename, ContentFile(CERTIFICATE))


def write_notices(loaded: Loaded, standings: LicenceStandingQuerySet) -> None:
    today = loaded.played.today
    soon = with_board(standings, on=today).filter(is_employed=True).in_bucket(Bucket.DAYS_365, on=today)
    send_notices(
        standings=list(soon.select_related("licence__teacher").order_by("ends_on", "pk")[:WRITTEN_TO]),
        text=TEXT,
        in_site=False,
        again=True,
        actor=loaded.user(Role.HR),
        on=today,
        at=moment(today - timedelta(days=20)),
    )


def add_old_totals(loaded: Loaded) -> None:
    """The system before counted what waits, and some hours that nobody loaded."""
    today = loaded.played.today
    rows = []
    for number, each in enumerate(LicenceStanding.objects.filter(unit="hour").order_by("pk")[:COMPARED]):
        more = each.uncounted if number % 3 == 0 else Decimal(5) if number % 11 == 0 else Decimal(0)
        rows.append(
            OldTotal(licence_id=each.licence_id, as_of=today, required=each.required, counted=each.counted + more)
        )
    add(rows)
    compare(district=loaded.district, at=moment(today))
