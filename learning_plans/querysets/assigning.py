"""Row sets of assignment rules and their members, and the people a rule is for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from learning_plans.querysets.recurring import ONCE, standing_of
from learning_plans.rules.assigning import year_before
from learning_plans.rules.choices import BY_GRANT, Audience, CompletionState, MemberState, Repeats
from learning_plans.rules.recurring import ASKING as ASKING_STATES
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, running, teachers_for
from teachers.rules.choices import Position

if TYPE_CHECKING:
    from learning_plans.models import AssignmentRule, RuleMember  # noqa: F401
    from teachers.querysets.people import TeacherQuerySet


ASKING = [state.value for state in ASKING_STATES]


class AssignmentRuleQuerySet(QuerySet["AssignmentRule"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(in_reach(user.reach(Capability.RULES_EDIT), district="district", school="school"))

    def running(self) -> Self:
        return self.filter(ended_at=None)

    def with_counts(self, *, on: date) -> Self:
        """Adds `held_count`, `done_count`, `overdue_count` and `exempt_count` of those it holds for now."""
        live = _rows("RuleMember").live().filter(rule=OuterRef("pk"))
        return self.annotate(
            held_count=_count(live),
            done_count=_count(live.with_state(on=on).filter(state=MemberState.DONE.value)),
            overdue_count=_count(live.with_state(on=on).filter(state=MemberState.OVERDUE.value)),
            exempt_count=_count(live.exempt()),
        )


class RuleMemberQuerySet(QuerySet["RuleMember"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.PLANS_VIEW))

    def live(self) -> Self:
        return self.filter(left_on=None)

    def exempt(self) -> Self:
        return self.exclude(exempted_at=None)

    def as_of(self, day: date) -> Self:
        """Whom the rule held for at the end of a day; that somebody was exempt then is read from today's exemption."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), joined_on__lte=day)

    def with_state(self, *, on: date, rule: AssignmentRule | None = None) -> Self:
        """Adds `state`, `due_on`, `done_on`, `valid_until` and what they rest on; `rules.recurring` says what they are.

        `rule` is given where all rows are of that one; else the rules that still hold are asked for.
        """
        rules = (
            _rows("AssignmentRule").filter(~Q(repeats=Repeats.ONCE.value), ended_at=None) if rule is None else [rule]
        )
        members = self
        for name, expression in standing_of(rules, on=on).items():
            members = members.annotate(**{name: expression})
        return members

    def with_person(self, *, on: date) -> Self:
        """Adds what a list shows of the person."""
        posts = apps.get_model("teachers", "Assignment")._default_manager.filter(
            running(on), teacher=OuterRef("teacher")
        )
        posts = posts.order_by("-fte", "school_id", "pk")
        return self.annotate(
            listed_name=Concat("teacher__family_name", Value(", "), "teacher__given_name"),
            school_name=Subquery(posts.values("school__name")[:1]),
            school_key=Subquery(posts.values("school_id")[:1]),
        )

    def in_need_of_an_item(self, *, on: date) -> Self:
        """Whose item is missing, was taken out, or stayed open in the plan of a year that is over; and who has done
        what was asked for before, and is asked again."""
        is_done = Exists(_rows("PlanItem").with_facts().filter(pk=OuterRef("item"), is_done=True))
        is_old = Q(item__plan__school_year__ends_on__lt=on) & ~is_done
        is_missing = Q(item=None) | Q(item__withdrawn_at__isnull=False) | is_old
        members = self.live().filter(exempted_at=None).with_state(on=on)
        return members.filter((ONCE & is_missing) | (~ONCE & Q(state__in=ASKING) & (is_missing | is_done)))

    def with_another_day(self, *, on: date) -> Self:
        """Whose open item, in a plan whose year is not over, says another due day than a rule that recurs does."""
        items = _rows("PlanItem").standing().with_facts().filter(pk=OuterRef("item"), is_done=False, assigned_by=None)
        items = items.filter(plan__school_year__ends_on__gte=on)
        members = self.live().filter(~ONCE, Exists(items), exempted_at=None).with_state(on=on)
        return members.filter(state__in=ASKING).exclude(due_on=F("item__due_on"))


def ruled_schools(user: Reader) -> QuerySet[Any]:
    """The schools one may make rules for."""
    reach = user.reach(Capability.RULES_EDIT)
    schools = apps.get_model("teachers", "School")._default_manager.all()
    found: QuerySet[Any] = schools.filter(in_reach(reach, district="district", school="pk")).open(on=user.today)
    return found


def ruled_districts(user: Reader) -> QuerySet[Any]:
    """Where one may make rules, be it for one school only."""
    reach = user.reach(Capability.RULES_EDIT)
    districts = apps.get_model("teachers", "District")._default_manager.order_by("pk")
    return districts.filter(in_reach(reach, district="pk", school="schools")).distinct()


def audience_of(rule: AssignmentRule, *, on: date, chosen: QuerySet[Any] | None = None) -> TeacherQuerySet:
    """Everybody a rule is for on a day; `chosen` are the people of a rule that is not stored yet."""
    teachers: TeacherQuerySet = _teachers().filter(district=rule.district_id).employed(on=on)
    if rule.school_id or rule.subject:
        posts = apps.get_model("teachers", "Assignment")._default_manager.filter(running(on), teacher=OuterRef("pk"))
        posts = posts.filter(school=rule.school_id) if rule.school_id else posts
        posts = posts.filter(subject__iexact=rule.subject) if rule.subject else posts
        teachers = teachers.filter(Exists(posts))
    if rule.duties:
        teachers = teachers.filter(_with_duty(rule, on=on))
    match Audience(rule.audience):
        case Audience.PEOPLE:
            named: QuerySet[Any] = rule.people.all() if chosen is None else chosen
            return teachers.filter(pk__in=named.order_by())
        case Audience.FIRST_YEAR:
            return _in_first_year(teachers, on=on)
        case Audience.WITHOUT_COURSE:
            return _without_course(teachers, rule)
        case Audience.EVERYBODY:
            return teachers


def _with_duty(rule: AssignmentRule, *, on: date) -> Q:
    """Employed as one of these, or holding one of these roles in the district."""
    grants = {duty.value for duty in BY_GRANT} & set(rule.duties)
    spells = apps.get_model("teachers", "Employment")._default_manager.filter(running(on), teacher=OuterRef("pk"))
    held = apps.get_model("teachers", "RoleGrant")._default_manager.live(on=on)
    held = held.filter(user=OuterRef("user"), role__in=grants, district=rule.district_id)
    return Q(Exists(spells.filter(position__in=set(rule.duties) - grants))) | Q(Exists(held))


def _in_first_year(teachers: TeacherQuerySet, *, on: date) -> TeacherQuerySet:
    spells = apps.get_model("teachers", "Employment")._default_manager.filter(teacher=OuterRef("pk"))
    teaching = spells.filter(running(on), position=Position.CLASSROOM_TEACHER.value)
    return teachers.filter(Exists(teaching), ~Exists(spells.filter(started_on__lte=year_before(on))))


def _without_course(teachers: TeacherQuerySet, rule: AssignmentRule) -> TeacherQuerySet:
    """Whoever completes it while the rule holds for them stays in the list, as done."""
    completed = _rows("Completion").filter(
        teacher=OuterRef("pk"), course=rule.course_id, state=CompletionState.APPROVED.value
    )
    if rule._state.adding:
        return teachers.filter(~Exists(completed))
    done = _rows("RuleMember").live().filter(rule=rule.pk, teacher=OuterRef("pk"))
    done = done.filter(Exists(_rows("PlanItem").with_facts().filter(pk=OuterRef("item"), is_done=True)))
    return teachers.filter(~Exists(completed) | Exists(done))


def _count(members: QuerySet[Any]) -> Coalesce:
    counted = members.order_by().annotate(_rule=F("rule")).values("_rule").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count"), output_field=IntegerField()), 0)


def _rows(name: str) -> Any:
    return apps.get_model("learning_plans", name)._default_manager.all()


def _teachers() -> TeacherQuerySet:
    return apps.get_model("teachers", "Teacher")._default_manager.all()
