"""What the report says in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.reports import choosing, definitions
from pd_tracker.reports.estimators.cells import UNKNOWN
from pd_tracker.reports.estimators.design import Refusal
from pd_tracker.reports.estimators.detectable import detectable_difference
from pd_tracker.reports.estimators.dose_response import DoseResponse
from pd_tracker.reports.estimators.levels import JOIN
from pd_tracker.reports.estimators.rates import wilson_rate
from pd_tracker.reports.estimators.sensitivity import yardstick
from pd_tracker.reports.pd_retention.comparing import LAG_1, LAG_2, Compared, Comparisons
from pd_tracker.reports.wording import count, decimal, percent, points

REFUSED: Mapping[Refusal, object] = {
    "": "",
    "nobody": gettext_lazy("Nobody is left to compare."),
    "nobody left": gettext_lazy("Nobody left, so there is no difference to look for."),
    "everybody left": gettext_lazy("Everybody left, so there is no difference to look for."),
    "few person-years": gettext_lazy("A comparison needs 200 person-years."),
    "few leavers": gettext_lazy("A comparison needs 20 people who left."),
    "few stayers": gettext_lazy("A comparison needs 20 people who stayed."),
    "few schools": gettext_lazy("A comparison needs at least 3 schools, and 5 for an interval."),
    "no reference": gettext_lazy("A comparison needs 10 people with 1-14 hours, in 3 schools."),
    "one band": gettext_lazy("A comparison needs people in more than one band of hours."),
}


def definitions_of_all() -> list[object]:
    return [
        _("Training: approved hours dated in the school year before the census (July 1 to June 30)."),
        _("Two years before: approved hours of the school year before that. Hours of the year between are left out."),
        _(
            "Eligible person-years: people in the snapshot of a year and of the year before it (for two years before, "
            "of both), so that everybody had a full year in which to take training. First-year teachers have no year "
            "before: missing, not zero."
        ),
        _(
            "Bands: 0; above 0 and below 15 (1-14); 15 to below 30; 30 to below 50; 50 and more hours. They are for "
            "reading only. The reference is 1-14 hours, since 0 mixes true zeros with missing records."
        ),
        definitions.LEFT,
        _(
            "Adjusted shares and points: a logistic model of leaving with school year, experience, tenure year, age, "
            "school level, part time, Title I, a move the year before and the hours two years before; everybody is "
            "then given each band in turn. Not in it: subject, pay, and anything that is not on record."
        ),
        _(
            "Intervals (95%) are clustered by school: schools are left out in turn below 50 schools, and below 5 "
            "schools there is no interval and no difference."
        ),
        _(
            "Inside one school and year: a linear model that compares colleagues of the same school and school year "
            "only, so that what a school does to both training and leaving cancels."
        ),
        _(
            "First year: new teachers in their first snapshot who were still employed on December 31, by approved "
            "hours from the hire to that day. Among new teachers still here on December 31; whoever left before is "
            "not counted."
        ),
        _(
            "E-value: how strongly something not on record would have to go with both training and leaving, as a risk "
            "ratio, to explain the whole difference; the E-value of the interval would make it include no difference."
        ),
        definitions.SNAPSHOT,
        definitions.EXPERIENCE,
        definitions.TIER,
    ]  # fmt: skip


def spoken(found: Comparisons) -> Compared | None:
    """What the first sentence is about: the most hours that can be compared."""
    rows = [row for row in found.rows if row.comparison == LAG_1 and row.points]
    return next((row for row in reversed(rows) if row.band != "0"), None)


def answer(found: Comparisons) -> str:
    row = spoken(found)
    if row is None or row.rate is None:
        words = _("Not enough data to compare: {n} eligible person-years, of which {left} ended in leaving.")
        counts = words.format(n=count(sum(found.everybody.people)), left=count(sum(found.everybody.left)))
        return f"{counts} {_why_nothing(found.lag1)}"
    reference = next(band for band in found.lag1.bands if band.note == "reference")
    words = _("As counted, {rate} left, against {reference}.")
    crude, against = (wilson_rate(band.left, band.n).value or 0 for band in (row.rate, reference))
    return f"{_difference(row, reference.level)} {words.format(rate=percent(crude, 1), reference=percent(against, 1))}"


def _why_nothing(found: DoseResponse) -> str:
    if found.refusal:
        return str(REFUSED[found.refusal])
    if found.variance == "none":
        return _("With fewer than 5 schools no interval can be given, so no difference is shown.")
    return _("No band above 14 hours can be told apart from the other things compared.")


def _difference(row: Compared, reference: str) -> str:
    value, low, high = _limits(row)
    words = (
        _(
            "Teachers with {band} hours left {points} points less often than similar teachers with {reference} "
            "(interval {low} to {high})."
        )
        if value < 0
        else _(
            "Teachers with {band} hours left {points} points more often than similar teachers with {reference} "
            "(interval {low} to {high})."
        )
    )
    low, high = (-high, -low) if value < 0 else (low, high)
    return words.format(
        band=row.band,
        reference=reference,
        points=points(value),
        low=decimal(100 * low),
        high=decimal(100 * high),
    )


def _limits(row: Compared) -> tuple[float, float, float]:
    found = row.points
    if found is None or found.low is None or found.high is None:
        raise ValueError(f"{row.band} hours have no interval.")
    return found.value, found.low, found.high


def caveats(found: Comparisons) -> list[str]:
    row = spoken(found)
    return [
        *([*_strength(row, found.lag1), _detectable(row)] if row else []),
        *([_later(found, row)] if row else []),
        *_schools_differ(found),
        *_refused(_("Two years before"), found.lag2),
        *_refused(_("First year, to December 31"), found.first_year),
        _("Motivated teachers choose training, and whoever plans to leave skips it. No lag removes that."),
        _("Bands are for reading; no threshold is implied."),
        _("Among new teachers still here on December 31: whoever left before that day is in no number of theirs."),
        str(definitions.WILSON),
    ]


def _strength(row: Compared, found: DoseResponse) -> list[str]:
    strength, (_value, low, high) = row.e_value, _limits(row)
    if strength is None or strength.limit is None or low <= 0 <= high:
        return [_("This is an association, and the interval includes no difference at all.")]
    sentences = [
        _(
            "This is an association; a hidden factor of strength {strength} could explain it, and one of strength "
            "{limit} would make the interval include no difference."
        ).format(strength=decimal(strength.value), limit=decimal(strength.limit))
    ]
    measured = yardstick(found.covariates or {})
    if measured:
        words = _("To compare: the strongest factor on record, {factor} ({level}), has a risk ratio of {ratio}.")
        sentences.append(
            words.format(factor=measured.factor, level=_level(measured.level), ratio=decimal(measured.ratio))
        )
    return sentences


def _detectable(row: Compared) -> str:
    se = row.points.se if row.points else None
    words = _("Differences smaller than {points} points could not be seen with {n} teachers in {schools} schools.")
    smallest = detectable_difference(se or 0.0, row.clusters)
    return words.format(points=points(smallest), n=count(row.n), schools=count(row.clusters))


def _later(found: Comparisons, row: Compared) -> str:
    """The same band two years before, and what it is there for."""
    why = _("If the result for the year before vanishes here, planning to leave is the likelier explanation.")
    twin = next((one for one in found.rows if (one.comparison, one.band) == (LAG_2, row.band) and one.points), None)
    if twin is None:
        return why
    value, low, high = _limits(twin)
    words = _("With {band} hours two years before the difference is {points} points (interval {low} to {high}).")
    numbers = {"points": decimal(100 * value), "low": decimal(100 * low), "high": decimal(100 * high)}
    return f"{words.format(band=row.band, **numbers)} {why}"


def _schools_differ(found: Comparisons) -> list[str]:
    bands = [row.level for row in found.within.bands if row.schools_differ]
    if not bands:
        return []
    words = _(
        "Schools differ: for {bands} hours the difference among colleagues of one school and year is not the one "
        "across schools. Read both."
    )
    return [words.format(bands=", ".join(bands))]


def _refused(label: str, found: DoseResponse) -> list[str]:
    if not found.refusal:
        return []
    words = _("{label}: {n} person-years, {left} left; too few to compare. {why}")
    return [words.format(label=label, n=count(found.n), left=count(found.left), why=REFUSED[found.refusal])]


def warnings(found: Comparisons) -> list[str]:
    return [
        *choosing.records_may_begin_late(found.facts, found.everybody.years),
        *_incomplete(found),
        *_merged(found.lag1),
        *_dropped(found.lag1),
        *_lost(found.lag1),
    ]


def _incomplete(found: Comparisons) -> Iterable[str]:
    before = _(
        "In {flagged} of {all} school-years more than 20% of the teachers have no hours, so their records look "
        "incomplete ({people} person-years). They are in the counts, and left out of every comparison."
    )
    two_before = _(
        "Of the hours two years before, {flagged} of {all} school-years look incomplete in the same way and are left "
        "out ({people} person-years)."
    )
    for words, made in ((before, found.incomplete), (two_before, found.incomplete_earlier)):
        if made.flagged:
            yield words.format(flagged=count(made.flagged), all=count(made.school_years), people=count(made.people))


def _merged(found: DoseResponse) -> Iterable[str]:
    if found.merged:
        joined = (f"{one.factor}: {_level(JOIN.join(one.levels))}" for one in found.merged)
        words = _("Treated as one, having fewer than 10 people or 3 schools: {joined}.")
        yield words.format(joined="; ".join(joined))


def _dropped(found: DoseResponse) -> Iterable[str]:
    if found.dropped:
        words = _("Left out of the model, since the rest already says the same: {names}.")
        yield words.format(names="; ".join(map(_level, found.dropped)))


def _lost(found: DoseResponse) -> Iterable[str]:
    lost = [f"{row.level} ({percent(row.unsupported)})" for row in found.bands if not row.supported]
    if lost:
        words = _("For so many people nobody quite alike had these hours: {bands}. There the model alone speaks.")
        yield words.format(bands=", ".join(lost))


def _level(name: str) -> str:
    """Names of levels that the estimators made, in words."""
    return name.replace(UNKNOWN, _("not recorded"))
