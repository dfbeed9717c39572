"""The words of credit decisions: reasons, steps and names of what rule packs speak of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import LicenceStatusName
from learning_plans.rules.credit.decision import DecidedLine, Quoted, Reason, Status, Step
from learning_plans.rules.credit.pack import Pack

PLACES = Decimal("0.0001")

REASONS: dict[Reason, Any] = {
    Reason.COUNTED: _("It counts in full."),
    Reason.PARTLY_OVER_MAXIMUM: _("Only a part counts: more than the maximum for “%(maximum)s” cannot count."),
    Reason.OVER_MAXIMUM: _("It does not count: the maximum for “%(maximum)s” is reached with other hours."),
    Reason.PENDING: _("It waits for approval and counts once it is approved."),
    Reason.VOIDED: _("It was voided."),
    Reason.NOT_YET: _("Its day, %(day)s, has not come yet."),
    Reason.BEFORE_WINDOW: _("It was done on %(day)s, before this period began."),
    Reason.AFTER_WINDOW: _("It was done on %(day)s, after this period ended."),
    Reason.BEFORE_PLAN: _("It was done on %(day)s, before the plan was approved."),
    Reason.NO_PLAN: _("No plan is approved yet, and only what comes after an approved plan counts."),
    Reason.UNKNOWN_UNIT: _("These rules do not say what a %(unit)s is worth."),
    Reason.UNKNOWN_CATEGORY: _("These rules do not know the category: %(categories)s."),
    Reason.UNKNOWN_ACTIVITY: _("These rules do not know the activity: %(activity)s."),
    Reason.OTHER_ACTIVITY: _("Hours of this kind, %(activity)s, are not asked for here."),
    Reason.BELOW_ZERO: _("A number below 0 cannot count."),
    Reason.TOPIC_TOO_SHORT: _("All hours on “%(topic)s” together are %(sum)s; a topic counts from %(least)s on."),
    Reason.SAME_HOUR: _("The same hours are counted already."),
    Reason.NOTHING_OWED: _("Nothing is owed, so nothing needs to count."),
}
STEPS: dict[str, Any] = {
    "no_window": _("Nobody entered from when until when the license is valid."),
    "extended": _("The period was extended from %(before)s to %(after)s: %(rule)s."),
    "exempt": _("Nothing is owed: %(rule)s."),
    "no_hour_rule": _("The state asks for no hours."),
    "total": _("%(amount)s are owed (%(unit)s)."),
    "total_unknown": _("What is owed is not known: somebody has to enter %(fact)s."),
    "more_endorsements": _("For %(count)s more endorsements the sum rises to %(required)s."),
    "prorated_by_fte": _("Employed with an FTE of %(share)s, one owes %(required)s."),
    "prorated_by_presence": _("Present for a share of %(share)s of the period, one owes %(required)s."),
    "waived": _("All of it was waived: %(why)s"),
    "waived_part": _("%(amount)s were waived, so that %(required)s are owed: %(why)s"),
    "substituted": _("%(rule)s: %(adds)s are added, and %(required)s are owed."),
    "nothing_carried": _("Nothing is carried over from the period before."),
    "carried_in": _("%(amount)s come from the period before, of %(above)s above what was owed."),
    "carried_out": _("%(amount)s go into the next period, of %(above)s above what is owed."),
    "not_in_time": _("%(fact)s was due by %(due)s and came on %(on)s."),
    "still_missing": _("%(fact)s is still missing; it was due by %(due)s."),
    "year_without": _("The year from July %(year)s has no %(activity)s yet."),
}
# What stands in packs as a code; a code without words here is shown with its own.
NAMES: dict[str, Any] = {
    "workshop": _("workshop"),
    "course_series": _("series of courses"),
    "college_course": _("college course"),
    "independent_study": _("independent study"),
    "presenting": _("presenting"),
    "mentoring": _("mentoring"),
    "coaching": _("coaching"),
    "growth_plan": _("growth plan"),
    "exam": _("exam"),
    "administrators_academy": _("Administrators' Academy"),
    "other": _("something else"),
    "language_acquisition": _("language acquisition"),
    "disabilities": _("students with disabilities"),
    "reading": _("reading"),
    "sei_esl": _("SEI, ESL or bilingual"),
    "content": _("content of the license"),
    "pedagogy": _("pedagogy"),
    "stem": _("STEM"),
    "equity": _("equity-based practices"),
    "leadership": _("leadership"),
    "college_credit": _("college credit"),
    "national_board": _("National Board certification"),
    "permanent_certificate": _("a permanent certificate"),
    "performance_assessment": _("an approved performance assessment"),
    "retired": _("retired"),
    "position": _("the position"),
    "aide": _("work as an aide"),
    "granted": _("granted by name"),
    "degree_once": _("a new degree or another state's certificate"),
    "mentor_assigned_on": _("the day a mentor was assigned"),
    "goals_set_on": _("the day goals were set"),
    "contract_hours": _("the hours of the contract"),
    "hour": _("hours"),
    "point": _("points"),
    "pdp": _("PDP"),
    "semester_credit": _("semester credit"),
    "quarter_credit": _("quarter credit"),
    "ceu": _("CEU"),
    "scech": _("SCECH"),
    "plan": _("growth plan"),
}
STATUSES: dict[Status, Any] = {Status(each.value): each.label for each in LicenceStatusName}


def amount_text(amount: Fraction) -> str:
    """At most four decimals, rounded down: never more than there is."""
    with localcontext() as context:
        context.prec, context.rounding = 50, ROUND_FLOOR
        exact = Decimal(amount.numerator) / Decimal(amount.denominator)
        short = exact.quantize(PLACES)
    return f"{short:f}".rstrip("0").rstrip(".")


def name_of(code: str) -> str:
    return str(NAMES.get(code) or code.replace("_", " "))


def sentence(line: DecidedLine) -> str:
    return str(REASONS[line.reason]) % shown(line.detail)


def step_sentence(step: Step) -> str:
    return str(STEPS[step.key]) % shown(step.detail)


def shown(detail: Mapping[str, object]) -> dict[str, str]:
    return {name: _shown(value) for name, value in detail.items()}


def _shown(value: object) -> str:
    if isinstance(value, Quoted):
        return str(value)
    if isinstance(value, Fraction):
        return amount_text(value)
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, tuple):
        return ", ".join(map(name_of, value))
    return name_of(value) if isinstance(value, str) else str(value)


def unverified_words(pack: Pack) -> str:
    if pack.is_verified:
        return ""
    return str(_("These rules are unverified: sources disagree. Ask the state before you rely on them."))
