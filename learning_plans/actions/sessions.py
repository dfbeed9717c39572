"""Planning runs of courses, taking and giving back a seat."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning_plans.models import Enrollment, Session
from learning_plans.rules.choices import ACTIVE_ENROLLMENTS, EnrollmentState
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.actions.keeping import keep
from teachers.models import Teacher, User


@transaction.atomic
def save_session(*, session: Session, actor: User, reason: str = "") -> Session:
    """Plans a session or changes it; whoever has a place in it is told of another time or room."""
    before = None if session._state.adding else Session.objects.select_for_update().get(pk=session.pk)
    if before is not None:
        _refuse_too_few_seats(session)
    session.time_zone = session.time_zone or timezone.get_current_timezone_name()
    kept = keep(session, actor=actor, verb="session.saved", reason=reason)
    if before is not None:
        _fill_seats(session, actor=actor)
        moved = (before.starts_at, before.ends_at, before.location) != (
            session.starts_at,
            session.ends_at,
            session.location,
        )
        if moved:
            _tell_all(session, Notice.Kind.SESSION_CHANGED)
    return kept


@transaction.atomic
def cancel_session(*, session: Session, actor: User, reason: str) -> None:
    """Says off what was planned. Everybody with a place is told; the session stays to be read."""
    session = Session.objects.select_for_update().get(pk=session.pk)
    if session.is_canceled:
        raise ValidationError(_("This session is canceled already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, for whoever asks later.")})
    session.is_canceled = True
    keep(session, actor=actor, verb="session.canceled", reason=reason)
    _tell_all(session, Notice.Kind.SESSION_CANCELED)


def _refuse_too_few_seats(session: Session) -> None:
    taken = session.enrollments.filter(state=EnrollmentState.REGISTERED.value).count()
    if session.capacity is not None and session.capacity < taken:
        words = _("%(taken)s people have seats. Keep at least as many, or ask somebody to give theirs back.")
        raise ValidationError({"capacity": words % {"taken": taken}})


def _fill_seats(session: Session, *, actor: User) -> None:
    """More seats go to the first of the waiting list."""
    if session.awaits_draw:
        return
    taken = session.enrollments.filter(state=EnrollmentState.REGISTERED.value).count()
    free = None if session.capacity is None else session.capacity - taken
    for enrollment in _in_line(session)[:free]:
        _move(enrollment, EnrollmentState.REGISTERED, actor=actor)


def _tell_all(session: Session, kind: Notice.Kind) -> None:
    standing = session.enrollments.filter(state__in=ACTIVE_ENROLLMENTS, teacher__user__isnull=False)
    url = reverse("learning_plans:course", args=[session.course_id])
    moment = session.starts_at.isoformat()
    tell(standing.values_list("teacher__user", flat=True), kind=kind, url=url, course=session.course.title, at=moment)


@transaction.atomic
def register(*, teacher: Teacher, session: Session, actor: User, at: datetime) -> Enrollment:
    """A seat while there is one, else a place on the waiting list; a part in the draw where seats go by lot."""
    # The lock makes two people who want the last seat wait for each other.
    session = Session.objects.select_for_update().get(pk=session.pk)
    if session.is_canceled or session.starts_at <= at:
        raise ValidationError(_("This session is no longer open."))
    state = _first_state(session, at)
    enrollment = Enrollment(teacher=teacher, session=session, state=state.value, registered_by=actor)
    return keep(enrollment, actor=actor, verb="enrollment.made", teacher=teacher.pk)


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
    waiting = _in_line(session).first()
    if had_seat and waiting is not None:
        _move(waiting, EnrollmentState.REGISTERED, actor=actor)
    return True


def _in_line(session: Session) -> QuerySet[Enrollment]:
    """Whoever was drawn waits before whoever came after the draw."""
    waiting = session.enrollments.filter(state=EnrollmentState.WAITLISTED.value)
    return waiting.order_by(F("drawn_place").asc(nulls_last=True), "registered_at", "pk")


def _move(enrollment: Enrollment, state: EnrollmentState, *, actor: User) -> None:
    enrollment.state = state.value
    keep(enrollment, actor=actor, verb=f"enrollment.{state.value}", teacher=enrollment.teacher_id)
