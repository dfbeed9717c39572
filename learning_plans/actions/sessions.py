"""Taking and giving back a seat."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from learning_plans.models import Enrollment, Session
from learning_plans.rules.choices import ACTIVE_ENROLLMENTS, EnrollmentState
from pd_tracker.audit.actions import record
from teachers.models import Teacher, User


@transaction.atomic
def register(*, teacher: Teacher, session: Session, actor: User, at: datetime) -> Enrollment:
    """A seat while there is one, else a place on the waiting list; a part in the draw where seats go by lot."""
    # The lock makes two people who want the last seat wait for each other.
    session = Session.objects.select_for_update().get(pk=session.pk)
    if session.is_canceled or session.starts_at <= at:
        raise ValidationError(_("This session is no longer open."))
    state = _first_state(session, at)
    enrollment = Enrollment(teacher=teacher, session=session, state=state.value, registered_by=actor)
    enrollment.full_clean()
    enrollment.save()
    record(actor=actor, verb="enrollment.made", subject=enrollment, teacher=teacher.pk)
    return enrollment


def _first_state(session: Session, at: datetime) -> EnrollmentState:
    if session.awaits_draw:
        # The seed may be known from that day on, and whoever knows it must not choose whether to apply.
        if session.draw_on is not None and timezone.localdate(at) >= session.draw_on:
            raise ValidationError(
                _("Applications have closed. Once the seats are drawn you can join the waiting list.")
            )
        return EnrollmentState.IN_DRAW
    taken = session.enrollments.filter(state=EnrollmentState.REGISTERED.value).count()
    is_full = session.capacity is not None and taken >= session.capacity
    return EnrollmentState.WAITLISTED if is_full else EnrollmentState.REGISTERED


@transaction.atomic
def withdraw(*, teacher: Teacher, session: Session, actor: User) -> bool:
    """Gives the seat back and hands it to the first of the waiting list."""
    Session.objects.select_for_update().get(pk=session.pk)
    enrollment = session.enrollments.filter(teacher=teacher, state__in=ACTIVE_ENROLLMENTS).first()
    if enrollment is None:
        return False
    had_seat = enrollment.state == EnrollmentState.REGISTERED
    _move(enrollment, EnrollmentState.WITHDRAWN, actor=actor)
    # Whoever was drawn waits before whoever came after the draw.
    in_line = F("drawn_place").asc(nulls_last=True), "registered_at", "pk"
    waiting = session.enrollments.filter(state=EnrollmentState.WAITLISTED.value).order_by(*in_line).first()
    if had_seat and waiting is not None:
        _move(waiting, EnrollmentState.REGISTERED, actor=actor)
    return True


def _move(enrollment: Enrollment, state: EnrollmentState, *, actor: User) -> None:
    enrollment.state = state.value
    enrollment.full_clean()
    enrollment.save()
    record(actor=actor, verb=f"enrollment.{state.value}", subject=enrollment, teacher=enrollment.teacher_id)
