"""How people leave a school, by kind: each exit is counted once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Capability, Reader
from pd_tracker.reports import choosing, definitions
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.competing_exits import CompetingExits, ExitCurve, competing_exits_from_cells
from pd_tracker.reports.estimators.groups import Floats
from pd_tracker.reports.facts.person_years import PersonYears, person_years, sees_the_district
from pd_tracker.reports.facts.separations import separation_reasons
from pd_tracker.reports.recorded import Flags
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.snapshots import Status
from pd_tracker.reports.spells import not_seen_after, until_first
from pd_tracker.reports.voluntary import FEWEST_ALIKE, FEWEST_LEAVERS, PROTECTED, reads_reasons
from pd_tracker.reports.wording import count, percent
from pd_tracker.sheets.charts import Chart, Curve, StepChart, Value
from pd_tracker.sheets.table import Column, Kind, Table
from teachers.rules.choices import LET_GO, OWN_DECISION
from teachers.rules.choices import SeparationReason as Reason

Ways: TypeAlias = dict[Hashable, Flags]

FEWEST_IN_VIEW = 10
MILESTONES = (1, 3, 5, 10)
SPOKEN = 5  # the tenure year of the first sentence, where the curve holds it
MUCH_UNKNOWN = 0.2

WAYS = {
    "moved_within": gettext_lazy("Moved to another school here"),
    "left_classroom": gettext_lazy("Left the classroom"),
    "moved_out": gettext_lazy("Moved to another district on record"),
    "resigned": gettext_lazy("Resigned"),
    "retired": gettext_lazy("Retired"),
    "let_go": gettext_lazy("Not renewed or laid off"),
    "other": gettext_lazy("Other or not recorded"),
    "left_district": gettext_lazy("Left the district"),  # in place of the reasons, where they would name people
}
REASONED = ("resigned", "retired", "let_go", "other")
STILL_HERE = gettext_lazy("Still at the school")
YEAR, IN_VIEW = (
    Column("year", gettext_lazy("Tenure year"), Kind.INTEGER),
    Column("at_risk", gettext_lazy("In view"), Kind.INTEGER),
)
BY_KIND = (
    Column("way", gettext_lazy("Kind of exit")),
    YEAR,
    IN_VIEW,
    Column("exits", gettext_lazy("Exits until then"), Kind.INTEGER),
    Column("share", gettext_lazy("Share gone in this way by the end of the year"), Kind.PERCENT, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.PERCENT, decimals=1),
    Column("high", gettext_lazy("to"), Kind.PERCENT, decimals=1),
)


def _share_columns(ways: Ways) -> tuple[Column, ...]:
    named = (Column(str(way), WAYS[str(way)], Kind.PERCENT, decimals=1) for way in ways)
    still, together = (("still_here", STILL_HERE), ("total", gettext_lazy("Together")))
    return (
        YEAR,
        IN_VIEW,
        Column(*still, Kind.PERCENT, decimals=1),
        *named,
        Column(*together, Kind.PERCENT, decimals=1),
    )


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user, training=False), parameters)
    missing = choosing.nobody(facts, parameters) or choosing.too_early(facts, parameters)
    facts = facts.only(facts.rows.observed)
    gone = ~facts.rows.retained | (facts.rows.status == Status.MOVER_WITHIN)
    facts = facts.only(until_first(facts.rows, gone))
    ways = _ways(separation_reasons(user, facts), facts)
    if not _names_nobody(user, ways, parameters):
        ways = _without_reasons(ways)
    found = _curves(facts, ways)
    return REPORT.result(
        parameters=parameters,
        answer=missing or _answer(found),
        definitions=tuple(map(str, _definitions())),
        as_of=facts.as_of,
        tables=(
            Table(
                "exits", gettext_lazy("Shares of those who began, by tenure year"), _share_columns(ways), _shares(found)
            ),
            Table("by_kind", gettext_lazy("Each kind of exit with its interval"), BY_KIND, _by_kind(found)),
        ),
        estimates=tuple(_estimates(found)),
        caveats=(*_caveats(found), *([] if "other" in ways else [str(PROTECTED)])),
        warnings=(*choosing.records_may_begin_late(facts), *_unknown(ways)),
        charts=tuple(("exits", chart) for chart in _charts(found)),
    )


def _definitions() -> list[object]:
    return [
        definitions.SNAPSHOT,
        definitions.TENURE,
        _(
            "Exit: not teaching at the same school a year later, whether for another school or altogether. The first "
            "exit of a spell counts; whoever has moved to another school here is not followed there. In a report of "
            "one school, people who came from another enter at their own tenure year. People on leave have not left, "
            "and are not in view until they return."
        ),
        _(
            "Kinds: moved to another school here; left the classroom (still employed, not teaching); moved to another "
            "district on record; resigned (for another job or district, or for personal reasons); retired; not renewed "
            "or laid off; other (death, disability) or not recorded. The reason is that of the end of employment."
        ),
        _(
            "Share gone in a way: the yearly shares of those in view who leave in it, times the share still here "
            "before, added up. People already employed when the records begin enter at their own tenure year. The "
            "interval (95%, log-log) is clustered by school from 10 schools on, and the delta method's below that."
        ),
    ]


def _ways(reasons: np.ndarray, facts: PersonYears) -> Ways:
    """Which rows end in each kind of exit."""
    status, left = facts.rows.status, facts.rows.status == Status.LEAVER
    resigned, let_go = (np.isin(reasons, [reason.value for reason in group]) for group in (OWN_DECISION, LET_GO))
    retired = reasons == Reason.RETIREMENT.value
    found = (
        status == Status.MOVER_WITHIN,
        status == Status.LEFT_CLASSROOM,
        status == Status.MOVER_OUT,
        left & resigned,
        left & retired,
        left & let_go,
        left & ~resigned & ~retired & ~let_go,
    )
    return dict(zip(WAYS, found, strict=False))


def _names_nobody(user: Reader, ways: Ways, parameters: Mapping[str, str]) -> bool:
    """Why single people left is for who may read it; others read it of everybody together, where each way is no few."""
    if reads_reasons(user):
        return True
    is_divided = parameters.get("school") or parameters.get("level")
    counts = [int(ways[way].sum()) for way in REASONED]
    is_large = sum(counts) >= FEWEST_LEAVERS and all(n == 0 or n >= FEWEST_ALIKE for n in counts)
    return is_large and not is_divided and sees_the_district(user, Capability.REPORTS_VIEW)


def _without_reasons(ways: Ways) -> Ways:
    kept = {way: rows for way, rows in ways.items() if way not in REASONED}
    return kept | {"left_district": np.logical_or.reduce([ways[way] for way in REASONED])}


def _curves(facts: PersonYears, ways: Ways) -> CompetingExits:
    rows = facts.rows
    moved = ways["moved_within"]
    ones = np.ones(len(rows), dtype=np.int64)
    return competing_exits_from_cells(rows.tenure, ones, ways, not_seen_after(rows) & ~moved, rows.school)


def _shares(found: CompetingExits) -> list[tuple[object, ...]]:
    stayed = found.stayed
    columns = [stayed.survival, *(curve.share for curve in found.ways)]
    total: Floats = np.sum(columns, axis=0)
    parts = [column.tolist() for column in (stayed.year, stayed.at_risk, *columns, total)]
    return [*zip(*parts, strict=True)]


def _milestones(found: CompetingExits) -> list[int]:
    """Places of the years that are spelled out."""
    return [place for place, year in enumerate(found.stayed.year.tolist()) if year in MILESTONES]


def _by_kind(found: CompetingExits) -> list[tuple[object, ...]]:
    stayed = found.stayed
    return [
        (
            str(WAYS[str(curve.way)]),
            int(stayed.year[place]),
            int(stayed.at_risk[place]),
            int(curve.exits[: place + 1].sum()),
            float(curve.share[place]),
            float(curve.low[place]),
            float(curve.high[place]),
        )
        for curve in _taken(found)
        for place in _milestones(found)
    ]


def _taken(found: CompetingExits) -> list[ExitCurve]:
    """Ways in which somebody left."""
    return [curve for curve in found.ways if curve.exits.any()]


def _answer(found: CompetingExits) -> str:
    shown = found.while_at_risk(FEWEST_IN_VIEW)
    if not len(shown.stayed.year):
        return _("Fewer than 10 people are in view, too few for a curve.")
    first, years = int(shown.stayed.year[0]), shown.stayed.year.tolist()
    place = years.index(SPOKEN) if SPOKEN in years else -1
    shares = [(WAYS[str(curve.way)], float(curve.share[place])) for curve in _taken(shown)]
    shares = [(STILL_HERE, float(shown.stayed.survival[place])), *sorted(shares, key=lambda part: -part[1])]
    parts = [_("{way}: {share}").format(way=way, share=percent(share, 1)) for way, share in shares]
    words = (
        _("Of those who begin to teach here, by the end of tenure year {year}: {parts}.")
        if first == 1
        else _("Of those who begin tenure year {first}, by the end of year {year}: {parts}.")
    )
    return words.format(first=first, year=years[place], parts="; ".join(parts))


def _estimates(found: CompetingExits) -> list[Estimate]:
    stayed = found.stayed
    curves = [("still_here", str(STILL_HERE), stayed.survival, stayed.low, stayed.high)]
    curves += [
        (str(curve.way), str(WAYS[str(curve.way)]), curve.share, curve.low, curve.high) for curve in _taken(found)
    ]
    label = _("{way}, by the end of tenure year {year}")
    return [
        Estimate(
            f"{key}_{stayed.year[place]}",
            label.format(way=words, year=stayed.year[place]),
            float(share[place]),
            float(low[place]),
            float(high[place]),
            int(stayed.at_risk[place]),
            stayed.clusters,
        )
        for key, words, share, low, high in curves
        for place in _milestones(found)
        if stayed.at_risk[place] >= FEWEST_IN_VIEW
    ]


def _caveats(found: CompetingExits) -> list[str]:
    shown = found.while_at_risk(FEWEST_IN_VIEW).stayed
    view = _("Estimated from {n} people over {schools} schools; beyond year {last} fewer than 10 remain in view.")
    seen = int(found.stayed.at_risk[0]) if len(found.stayed.year) else 0
    last = int(shown.year[-1]) if len(shown.year) else 0
    return [
        _("Each exit is counted once; shares add to 100% with those still here."),
        *([view.format(n=count(seen), schools=found.stayed.clusters, last=last)] if last else []),
        _("Adding up separate curves of each kind would exceed 100%: it asks who would leave were there no other way."),
        _("A district sees only its own staff: people left this district, not necessarily teaching."),
    ]


def _unknown(ways: Ways) -> Sequence[str]:
    if "other" not in ways:
        return []
    leavers = sum(int(ways[way].sum()) for way in REASONED)
    unnamed = int(ways["other"].sum())
    if unnamed <= MUCH_UNKNOWN * leavers:
        return []
    words = _(
        "Of {leavers} leavers {unnamed} have another reason or none on record, so resigned, retired and not renewed "
        "are too low. Record the reason when an employment ends."
    )
    return [words.format(leavers=count(leavers), unnamed=count(unnamed))]


def _charts(found: CompetingExits) -> list[Chart]:
    shown = found.while_at_risk(FEWEST_IN_VIEW)
    ways = _taken(shown)
    if not ways:
        return []
    at_risk = tuple(shown.stayed.at_risk.tolist())
    return [
        StepChart(
            title=_("Share gone by tenure year, by kind of exit"),
            times=tuple(map(float, shown.stayed.year.tolist())),
            curves=tuple(Curve(str(WAYS[str(curve.way)]), _values(curve), at_risk) for curve in ways),
            across=_("Tenure year"),
        )
    ]


def _values(curve: ExitCurve) -> tuple[Value, ...]:
    limits = zip(curve.share.tolist(), curve.low.tolist(), curve.high.tolist(), strict=True)
    return tuple(Value(*numbers) for numbers in limits)


REPORT = Report(
    name="exits",
    title=gettext_lazy("Exits by kind"),
    question=gettext_lazy("How do people leave a school: do they move, resign or retire?"),
    build=build,
    parameters=(choosing.SCHOOL, choosing.LEVEL),
)
