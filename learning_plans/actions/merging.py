"""Two records of one person become one: every row that hangs on the first moves to the second, or nothing does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, Model, ProtectedError
from django.utils.translation import gettext as _

from learning_plans.models import Completion, TrainingYear
from learning_plans.rules.choices import ACTIVE_ENROLLMENTS, CompletionState, EnrollmentState
from learning_plans.sums import sum_up
from pd_tracker.audit.actions import record
from teachers.actions.keeping import remove, sign
from teachers.models import MergedTeacher, NotADuplicate, Teacher, User
from teachers.rules.periods import periods_overlap

VERB = "person.merged"
DAYS = {"Licence": ("valid_from", "valid_until")}
FILLED = ("preferred_name", "email", "birth_year", "experience_years")  # where the second record has nothing


@dataclass
class Merge:
    """What is at work: `old` goes, `new` stays. Problems stand in the way, and all of them are found at once."""

    old: Teacher
    new: Teacher
    actor: User | None
    reason: str
    on: date
    at: datetime
    moved: Counter[str] = field(default_factory=Counter)  # by the model's name
    joined: Counter[str] = field(default_factory=Counter)  # rows that the second record had already
    problems: list[str] = field(default_factory=list)
    at_work: Any = ""  # the kind of row that is being moved, in words

    @property
    def said(self) -> str:
        return _("Merged from %(old)s: %(reason)s") % {"old": self.old.staff_id, "reason": self.reason}

    def move(self, row: Any, way: str = "teacher") -> None:
        setattr(row, way, self.new)
        sign(row, actor=self.actor, reason=self.said)
        row.save()
        self.moved[row._meta.label] += 1

    def drop(self, row: Any) -> None:
        """The second record says the same already; the history keeps that the first did, too."""
        try:
            with transaction.atomic():
                remove(row, actor=self.actor, verb=f"{row._meta.model_name}.merged", reason=self.said)
        except ProtectedError:
            self.refuse(row)
        else:
            self.joined[row._meta.label] += 1

    def refuse(self, row: Any) -> None:
        words = _("%(kind)s “%(row)s” stands in the way: both records have it. Correct one of them first.")
        self.problems.append(words % {"kind": row._meta.verbose_name.capitalize(), "row": row})


Rule = Callable[[Merge, Any], None]


def simply(merge: Merge, row: Any) -> None:
    merge.move(row)


def alone(*fields: str) -> Rule:
    """No two rows of one person overlap where these fields agree; what is exactly the same is the same."""

    def rule(merge: Merge, row: Any) -> None:
        first, last = DAYS.get(type(row).__name__, ("started_on", "ended_on"))
        others = type(row)._default_manager.filter(teacher=merge.new, **{name: getattr(row, name) for name in fields})
        for other in others:
            if not periods_overlap(
                getattr(row, first), getattr(row, last), getattr(other, first), getattr(other, last)
            ):
                continue
            if is_same(row, other):
                merge.drop(row)
            else:
                merge.refuse(row)
            return
        merge.move(row)

    return rule


def once(*fields: str, only_if_same: bool = False) -> Rule:
    """One row of a person where these fields agree: the second record's stays."""

    def rule(merge: Merge, row: Any) -> None:
        same = {name: getattr(row, name) for name in fields}
        other = type(row)._default_manager.filter(teacher=merge.new, **same).first()
        if other is None:
            merge.move(row)
        elif only_if_same and not is_same(row, other):
            merge.refuse(row)
        else:
            merge.drop(row)

    return rule


def is_same(row: Model, other: Model) -> bool:
    names = [each.attname for each in row._meta.concrete_fields if not each.primary_key and each.name != "teacher"]
    return all(getattr(row, name) == getattr(other, name) for name in names)


def a_completion(merge: Merge, row: Completion) -> None:
    """The same course on the same day is one completion; of two, what is approved stays, the other is voided."""
    stored = Completion.objects.filter(teacher=merge.new)
    if row.external_key:
        twin = stored.filter(external_key=row.external_key).first()
        if twin is not None:
            row.external_key = f"{row.external_key} ({merge.old.staff_id})"[:200]
    else:
        living = stored.filter(course=row.course_id, completed_on=row.completed_on, external_key="")
        twin = living.exclude(state=CompletionState.VOIDED.value).first()
    if twin is not None and CompletionState.VOIDED.value not in (row.state, twin.state):
        is_better = row.state == CompletionState.APPROVED != twin.state
        loser = twin if is_better else row
        loser.state, loser.void_reason = CompletionState.VOIDED.value, merge.said[:400]
        if is_better:
            sign(twin, actor=merge.actor, reason=merge.said)
            twin.save()
        merge.joined[row._meta.label] += 1
    merge.move(row)


def a_plan(merge: Merge, row: Any) -> None:
    """Two plans of one year cannot be one; a plan that nobody wrote into goes."""
    other = type(row)._default_manager.filter(teacher=merge.new, school_year=row.school_year_id).first()
    if other is None:
        merge.move(row)
    elif row.goals.exists() or row.items.exists() or row.decisions.exists() or row.reviews.exists():
        merge.refuse(row)
    else:
        merge.drop(row)


def a_need(merge: Merge, row: Any) -> None:
    """One need for each competency: the second record's takes what else speaks for it."""
    other = type(row)._default_manager.filter(teacher=merge.new, competency=row.competency_id).first()
    if other is None:
        merge.move(row)
        return
    known = set(other.reasons.values_list("source", "given_by"))
    for reason in row.reasons.all():
        if (reason.source, reason.given_by_id) in known:
            reason.delete()
        else:
            reason.need = other
            sign(reason, actor=merge.actor, reason=merge.said)
            reason.save()
    for goal in row.goals.all():
        goal.need = other
        sign(goal, actor=merge.actor, reason=merge.said)
        goal.save()
    merge.drop(row)


def a_member(merge: Merge, row: Any) -> None:
    """A rule holds for a person once."""
    if row.left_on is None and type(row)._default_manager.filter(teacher=merge.new, rule=row.rule_id, left_on=None):
        row.left_on = merge.on
    merge.move(row)


def a_seat(merge: Merge, row: Any) -> None:
    active = [state.value for state in ACTIVE_ENROLLMENTS]
    others = type(row)._default_manager.filter(teacher=merge.new, session=row.session_id, state__in=active)
    if row.state in active and others.exists():
        row.state = EnrollmentState.WITHDRAWN.value
    merge.move(row)


def an_assessment(merge: Merge, row: Any) -> None:
    others = type(row)._default_manager.filter(teacher=merge.new, framework=row.framework_id, finished_at=None)
    if row.finished_at is None and others.exists():
        row.finished_at = merge.at
    merge.move(row)


def summed_anew(merge: Merge, row: Any) -> None:
    row.delete()


def looked_at(merge: Merge, row: Any) -> None:
    """A pair that was looked at is no pair any more."""
    row.delete()


FIGURE = ("kpi", "school_year", "term", "level", "school", "section", "subject", "grades", "student_group")
# What becomes of each kind of row that hangs on a teacher, by the field it hangs by.
RULES: dict[str, Rule] = {
    "teachers.Employment.teacher": alone(),
    "teachers.Leave.teacher": alone(),
    "teachers.Assignment.teacher": alone("school", "subject"),
    "teachers.Pairing.teacher": alone("coach", "kind"),
    "teachers.Licence.teacher": alone("jurisdiction", "licence_type"),
    "teachers.KpiValue.teacher": once(*FIGURE, only_if_same=True),
    "teachers.ExternalId.teacher": simply,
    "teachers.MergedTeacher.teacher": simply,
    "teachers.NotADuplicate.teacher": looked_at,
    "teachers.NotADuplicate.other": looked_at,
    "learning_plans.SelfAssessment.teacher": an_assessment,
    "learning_plans.Need.teacher": a_need,
    "learning_plans.Plan.teacher": a_plan,
    "learning_plans.RuleMember.teacher": a_member,
    "learning_plans.CoachingCycle.teacher": simply,
    "learning_plans.Visit.teacher": simply,
    "learning_plans.Enrollment.teacher": a_seat,
    "learning_plans.Completion.teacher": a_completion,
    "learning_plans.Practice.teacher": simply,
    "learning_plans.Adoption.teacher": once("practice"),
    "learning_plans.CourseWish.teacher": once("course"),
    "learning_plans.TrainingYear.teacher": summed_anew,
}
# Rows that HR may not read are counted together: how often somebody was visited is nothing they are told.
APART = frozenset({"learning_plans.SelfAssessment", "learning_plans.CoachingCycle", "learning_plans.Visit"})


def ways() -> Iterator[tuple[str, ForeignKey[Any, Any]]]:
    """Every foreign key to a teacher, found by asking the models, so that none can be forgotten."""
    for relation in relations():
        way = relation.field
        if isinstance(way, ForeignKey) and not relation.related_model._meta.auto_created:
            yield f"{relation.related_model._meta.label}.{way.name}", way


def relations() -> Iterator[Any]:
    """Whatever refers to a teacher; history stays with the record it was written for."""
    for relation in Teacher._meta.get_fields(include_hidden=True):
        is_reverse = relation.is_relation and relation.auto_created
        if is_reverse and not hasattr(relation.related_model, "instance_type"):
            yield relation


@transaction.atomic
def merge_people(*, old: Teacher, new: Teacher, reason: str, actor: User | None, on: date, at: datetime) -> Merge:
    """Moves everything from one record to the other and takes the first away; it cannot be taken back.

    Raises
    ------
    ValidationError
        With every problem that stands in the way; then nothing was changed.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why. The history keeps it with every row.")})
    merge = Merge(*_locked(old, new), actor, reason.strip(), on, at)
    _refuse_impossible(merge)
    try:
        with transaction.atomic():
            _move_all(merge)
            if merge.problems:
                raise ValidationError(merge.problems)
            _join_records(merge)
    except IntegrityError as clash:
        words = _("Something that both records have stands in the way, among: %(kind)s. Correct one of them first.")
        raise ValidationError(words % {"kind": merge.at_work}) from clash
    return merge


def foresee(*, old: Teacher, new: Teacher, actor: User | None, on: date, at: datetime) -> Merge:
    """What merging would do, found out by doing it and taking all of it back."""
    merge = Merge(old, new, actor, _("Preview"), on, at)
    with transaction.atomic():
        try:
            merge = merge_people(old=old, new=new, reason=merge.reason, actor=actor, on=on, at=at)
        except ValidationError as refusal:
            merge.problems = list(refusal.messages)
        transaction.set_rollback(True)
    return merge


def _locked(old: Teacher, new: Teacher) -> tuple[Teacher, Teacher]:
    rows = {row.pk: row for row in Teacher.objects.select_for_update().filter(pk__in=[old.pk, new.pk]).order_by("pk")}
    if len(rows) < 2:
        raise ValidationError(_("Choose two records. One of these is gone, or they are the same."))
    return rows[old.pk], rows[new.pk]


def _refuse_impossible(merge: Merge) -> None:
    old, new, actor = merge.old, merge.new, merge.actor
    if old.district_id != new.district_id:
        raise ValidationError(_("These records belong to two districts."))
    if actor is not None and actor.pk in (old.user_id, new.user_id):
        raise ValidationError(_("Nobody merges their own record. Ask somebody else in HR."))
    if old.user is not None and new.user is not None and old.user.is_active:
        raise ValidationError(_("Both records can sign in. Stop the sign-in of the one that goes, under Roles."))


def _move_all(merge: Merge) -> None:
    days = list(Completion.objects.filter(teacher__in=[merge.old, merge.new]).values_list("completed_on", flat=True))
    for name, way in ways():
        rule, merge.at_work = RULES.get(name, simply), way.model._meta.verbose_name_plural
        for row in way.model._default_manager.filter(**{way.name: merge.old}).order_by("pk"):
            rule(merge, row)
    for relation in relations():
        if relation.many_to_many:
            _move_choices(merge, relation.field)
    if not merge.problems:
        TrainingYear.objects.filter(teacher=merge.old).delete()
        sum_up({(merge.new.pk, day) for day in days})


def _move_choices(merge: Merge, way: Any) -> None:
    """Lists of people that somebody chose."""
    for row in way.model._default_manager.filter(**{way.name: merge.old}):
        people = getattr(row, way.name)
        people.add(merge.new)
        people.remove(merge.old)
        merge.moved[row._meta.label] += 1


def _join_records(merge: Merge) -> None:
    old, new, login = merge.old, merge.new, merge.old.user
    for name in FILLED:
        if getattr(new, name) in (None, ""):
            setattr(new, name, getattr(old, name))
    if login is not None:
        old.user = None
        sign(old, actor=merge.actor, reason=merge.said)
        old.save()
        new.user = new.user or login
    sign(new, actor=merge.actor, reason=merge.said)
    new.save()
    kept = {"old_key": old.pk, "old_staff_id": old.staff_id, "name": str(old)}
    MergedTeacher.objects.create(
        district_id=old.district_id,
        teacher=new,
        reason=merge.reason,
        merged_at=merge.at,
        merged_by=merge.actor,
        **kept,
    )
    record(actor=merge.actor, verb=VERB, subject=new, **kept, moved=dict(merge.moved), joined=dict(merge.joined))
    remove(old, actor=merge.actor, verb="person.removed", reason=merge.said)


@transaction.atomic
def keep_apart(*, one: Teacher, other: Teacher, reason: str, actor: User | None, at: datetime) -> NotADuplicate:
    """Two people who look alike; they are not asked about again."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say what tells them apart.")})
    first, second = sorted((one, other), key=lambda row: row.pk)
    said = {"reason": reason.strip(), "decided_at": at, "decided_by": actor}
    pair, _is_new = NotADuplicate.objects.get_or_create(teacher=first, other=second, defaults=said)
    record(actor=actor, verb="person.kept_apart", subject=first, other=second.pk)
    return pair
