"""How the seats of a session are given, and drawing them by lot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning_plans.models import Enrollment, SeatDraw, Session
from learning_plans.rules.choices import ACTIVE_ENROLLMENTS, EnrollmentState
from learning_plans.rules.lottery import draw, seed_of
from pd_tracker.audit.actions import record
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.actions.keeping import keep
from teachers.models import User


@transaction.atomic
def set_seats(*, session: Session, actor: User, at: datetime) -> None:
    """Keeps the session with its changed number of seats, its policy and the day of its draw."""
    # The lock keeps somebody from applying under one policy while it becomes another.
    Session.objects.select_for_update().get(pk=session.pk)
    if session.enrollments.filter(state__in=ACTIVE_ENROLLMENTS).exists() or SeatDraw.objects.filter(session=session):
        raise ValidationError(_("Somebody has registered or applied already, so the rules for this session stay."))
    if session.is_by_lot:
        _check_day(session, at)
    else:
        session.draw_on, session.seed_source = None, ""
    session.full_clean()
    session.save(update_fields=("capacity", "seat_policy", "draw_on", "seed_source"))
    record(actor=actor, verb="session.seats_set", subject=session, policy=session.seat_policy)


def _check_day(session: Session, at: datetime) -> None:
    if session.draw_on is None:
        return  # the model says what is missing
    if session.draw_on <= timezone.localdate(at):
        raise ValidationError({"draw_on": _("Choose a day after today, so that everybody can still apply.")})
    if session.draw_on > timezone.localdate(session.starts_at):
        raise ValidationError({"draw_on": _("Choose a day before the session begins.")})


@transaction.atomic
def draw_seats(*, session: Session, seed: str, actor: User, at: datetime) -> SeatDraw:
    """Gives the seats to the first of the draw; everybody else waits in the order drawn, and all are told."""
    # The lock makes whoever applies, and whoever draws a second time, wait until the draw stands.
    session = Session.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)
    _check_ready(session, at)
    applied = list(session.enrollments.filter(state=EnrollmentState.IN_DRAW.value).select_related("teacher"))
    if not applied:
        raise ValidationError(_("Nobody has applied, so there is nothing to draw."))
    if not seed.strip():
        raise ValidationError({"seed": _("Enter the public number that the seed is taken from.")})
    by_id = {enrollment.teacher.staff_id: enrollment for enrollment in applied}
    drawn = draw([*by_id], session.capacity or 0, seed_of(seed, session.pk))
    made = SeatDraw(
        session=session,
        seed=seed_of(seed, session.pk),
        seats=drawn.seats,
        order=list(drawn.order),
        drawn_at=at,
        drawn_by=actor,
    )
    made.full_clean()
    made.save()
    _hand_out(made, [by_id[staff_id] for staff_id in drawn.order], actor)
    record(actor=actor, verb="session.seats_drawn", subject=session, seed=made.seed, applicants=len(applied))
    return made


def _check_ready(session: Session, at: datetime) -> None:
    if not session.is_by_lot:
        raise ValidationError(_("The seats of this session are not given by lot."))
    if SeatDraw.objects.filter(session=session).exists():
        raise ValidationError(_("The seats were drawn already. A draw is made once."))
    if session.is_canceled or session.starts_at <= at:
        raise ValidationError(_("This session is no longer open."))
    if session.draw_on is not None and timezone.localdate(at) < session.draw_on:
        raise ValidationError(_("People can still apply. Draw on the day that was announced, or after it."))


def _hand_out(made: SeatDraw, in_order: Sequence[Enrollment], actor: User) -> None:
    course = made.session.course
    url = reverse("learning_plans:course", args=[course.pk])
    for place, enrollment in enumerate(in_order, 1):
        won = place <= made.seats
        enrollment.drawn_place = place
        enrollment.state = (EnrollmentState.REGISTERED if won else EnrollmentState.WAITLISTED).value
        keep(enrollment, actor=actor, verb="enrollment.drawn", teacher=enrollment.teacher_id, place=place)
        if enrollment.teacher.user_id is not None:
            facts = {"course": course.title, "won": won, "place": place - made.seats}
            tell([enrollment.teacher.user_id], kind=Notice.Kind.SEATS_DRAWN, url=url, **facts)
