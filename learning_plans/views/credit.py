"""What pages say of licenses: where they stand, what became of one completion, what a course would add."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import QuerySet

from learning_plans.credit.cases import case_of, cases, line_of
from learning_plans.credit.shelf import RuleShelf, shelf_of
from learning_plans.credit.telling import Told, Verdict, WhatIf
from learning_plans.models import Completion, Course
from pd_tracker.access import Capability
from teachers.models import Licence, Teacher, User

SUGGESTIONS = 5


def told_of(user: User, teacher: Teacher) -> list[Told]:
    """The licenses in use of somebody, as the reader may see them, the one that ends first on top."""
    held = Licence.objects.visible_to(user).in_use(on=user.today).filter(teacher=teacher).select_related("teacher")
    return [Told(case) for case in cases(list(held.order_by("valid_until", "pk")), on=user.today)]


def what_if(told: Told, course: Course, shelf: RuleShelf) -> WhatIf:
    """The license with a course completed today."""
    facts = told.case.facts
    line = line_of(course, shelf, on=facts.as_of)
    then = replace(told.case, facts=replace(facts, lines=(*facts.lines, line)))
    return WhatIf(told, Told(then))


def suggestions(told: Told, offered: QuerySet[Course], shelf: RuleShelf) -> list[tuple[Course, WhatIf]]:
    """Courses that would count towards what is missing, the longest first."""
    if not told.missing:
        return []
    short = {each.category for each in told.decision.minimums if each.short}
    minimums = [each.of for each in told.pack.minimums if each.key in short]
    categories = {code for choice in minimums for code in choice.categories}
    taken = {each.entry.title for each in told.lines}
    fitting = [
        course
        for course in offered.exclude(minutes=0)
        if course.title not in taken and (not categories or not categories.isdisjoint(shelf.codes_of(course.category)))
    ]
    first = sorted(fitting, key=lambda course: (-course.minutes, course.title))[:SUGGESTIONS]
    found = [(course, what_if(told, course, shelf)) for course in first]
    return [(course, outcome) for course, outcome in found if outcome.gain > 0]


def told_about(user: User, licence: Licence) -> Told | None:
    """A license as of today, or, where it was renewed, as of its last day; none where nobody knows its rules."""
    is_over = not Licence.objects.in_use(on=user.today).filter(pk=licence.pk).exists()
    last = licence.ends_on
    case = case_of(licence, on=min(user.today, last) if is_over and last else user.today)
    return Told(case, is_over=is_over) if case else None


def verdicts_on(user: User, completion: Completion) -> list[Verdict]:
    """Whether one completion counts, for each license in whose period it lies, or else for those in use."""
    held = Licence.objects.visible_to(user).filter(teacher=completion.teacher_id).select_related("teacher")
    day = completion.completed_on
    then = [each for each in held if each.holds_on(day)]
    now = list(held.in_use(on=user.today)) if not then else []
    return [
        Verdict(Told(case), Told(case).of(completion.pk), is_before=day < case.licence.valid_from)
        for case in cases(then or now, on=user.today)
    ]


def for_licences(user: User, course: Course) -> list[WhatIf]:
    """What a course would add to each license of the reader that asks for hours."""
    teacher = Teacher.objects.filter(user=user.pk).first()
    if teacher is None or not user.may(Capability.LICENCES_VIEW):
        return []
    shelf = shelf_of(teacher.district_id)
    return [what_if(told, course, shelf) for told in told_of(user, teacher) if told.asks_for_hours]
