"""Seats drawn by lot as evidence: winners against losers a year later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Capability, Reader
from pd_tracker.reports import choosing, definitions
from pd_tracker.reports.declared import Report
from pd_tracker.reports.draws import Drawn, covariates, drawn_people, rates, teacher_means
from pd_tracker.reports.estimators.detectable import detectable_difference
from pd_tracker.reports.estimators.groups import Floats
from pd_tracker.reports.estimators.lagged_outcome import standardise
from pd_tracker.reports.estimators.trial import Balance, TrialEffect, balance, complier_effect, offered_effect
from pd_tracker.reports.facts.classrooms import Classrooms, KpiFact, classrooms, kpi_options, kpis
from pd_tracker.reports.facts.lotteries import Applicant, applicants, course_options, sees_whole_district
from pd_tracker.reports.facts.person_years import person_years
from pd_tracker.reports.parameters import Parameter
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.wording import count, decimal, percent, year_label
from pd_tracker.sheets.charts import Chart, DotChart, Value
from pd_tracker.sheets.table import Column, Kind, Table

PERMUTATION_SEED = 2026
UNEVEN = 0.05
STAYING, KPI_RESULT = "retention", "kpi"
OFFERED, TAKING = "offered", "taking"
NAMES = {
    OFFERED: gettext_lazy("Being offered a seat"),
    TAKING: gettext_lazy("Taking part, for whom the draw decided it"),
}
WHY_NOT = {
    "few winners": gettext_lazy("fewer than 10 winners"),
    "few losers": gettext_lazy("fewer than 10 losers"),
    "few drawn": gettext_lazy("too few people drawn"),
    "outcome does not vary": gettext_lazy("the same result for everybody"),
    "weak instrument": gettext_lazy("winning hardly changed who took part"),
}
COVARIATES = {
    "experience": gettext_lazy("Years of experience"),
    "tenure": gettext_lazy("Years in the district"),
    "fte": gettext_lazy("FTE"),
    "hours": gettext_lazy("PD hours the year before"),
    "title_i": gettext_lazy("Title I school"),
}

COLUMNS = (
    Column("outcome", gettext_lazy("Result")),
    Column("comparison", gettext_lazy("Effect of")),
    Column("winners", gettext_lazy("Winners"), Kind.INTEGER),
    Column("losers", gettext_lazy("Losers"), Kind.INTEGER),
    Column("sessions", gettext_lazy("Draws"), Kind.INTEGER),
    Column("effect", gettext_lazy("Effect"), Kind.DECIMAL, decimals=2),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=2),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=2),
    Column("unit", gettext_lazy("Unit")),
    Column("least", gettext_lazy("Smallest effect that could be seen"), Kind.DECIMAL, decimals=2),
    Column("note", gettext_lazy("Why there is none")),
)
BALANCE_COLUMNS = (
    Column("covariate", gettext_lazy("Known before the draw")),
    Column("difference", gettext_lazy("Winners minus losers, in standard deviations"), Kind.DECIMAL, decimals=2),
)
DRAW_COLUMNS = (
    Column("code", gettext_lazy("Course code"), Kind.ID),
    Column("course", gettext_lazy("Course")),
    Column("begins_on", gettext_lazy("Session begins"), Kind.DATE),
    Column("drawn_on", gettext_lazy("Drawn"), Kind.DATE),
    Column("seed", gettext_lazy("Seed"), Kind.ID),
    Column("applicants", gettext_lazy("Applied"), Kind.INTEGER),
    Column("seats", gettext_lazy("Seats"), Kind.INTEGER),
    Column("winners_took", gettext_lazy("Winners who took the course"), Kind.PERCENT),
    Column("losers_took", gettext_lazy("Losers who took it all the same"), Kind.PERCENT),
)
COURSE = Parameter("course", gettext_lazy("Course"), course_options, empty=gettext_lazy("All courses with a draw"))
KPI = Parameter("kpi", gettext_lazy("KPI"), kpi_options, empty=gettext_lazy("The first with values"))


class Compared(NamedTuple):
    outcome: str
    label: str
    comparison: str
    unit: str
    scale: float
    found: TrialEffect

    @property
    def least(self) -> float | None:
        if self.found.se is None:
            return None
        return self.scale * detectable_difference(self.found.se, self.found.drawn - self.found.sessions)

    @property
    def interval(self) -> tuple[float | None, float | None, float | None]:
        value, low, high = (
            None if part is None else part * self.scale for part in (self.found.value, self.found.low, self.found.high)
        )
        return value, low, high

    @property
    def row(self) -> tuple[object, ...]:
        found = self.found
        counts = found.winners, found.losers, found.sessions
        why = WHY_NOT.get(found.note, "")
        return (self.label, str(NAMES[self.comparison]), *counts, *self.interval, self.unit, self.least, str(why))


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = person_years(user)
    drawn = drawn_people(facts, _chosen(applicants(user), parameters))
    missing = _nobody(user, drawn)
    check = balance(covariates(facts, drawn), *drawn.columns, seed=PERMUTATION_SEED) if drawn.rows else None
    figure, compared = None, [] if missing else _on_staying(drawn)
    if not missing and user.may(Capability.REPORTS_KPI):
        figure = _figure(kpis(user), parameters.get("kpi", ""))
        compared += _on_kpi(drawn, figure, classrooms(user, figure.code)) if figure else []
    rows = [made.row for made in compared]
    return REPORT.result(
        parameters={**parameters, **({"kpi": figure.code} if figure else {})},
        answer=missing or _answer(drawn, compared),
        definitions=tuple(map(str, DEFINITIONS)),
        as_of=facts.as_of,
        tables=(
            Table("trial", gettext_lazy("Winners against losers"), COLUMNS, rows),
            Table(
                "balance",
                gettext_lazy("Were they alike before the draw?"),
                BALANCE_COLUMNS,
                _balance_rows(check) if check else [],
            ),
            Table("draws", gettext_lazy("The draws"), DRAW_COLUMNS, _draw_rows(drawn)),
        ),
        estimates=tuple(map(_estimate, compared)),
        caveats=tuple(_caveats(compared)),
        warnings=() if missing or check is None else tuple(_warnings(check, compared)),
        charts=tuple(_charts(compared)),
    )


def _chosen(rows: Iterable[Applicant], parameters: Mapping[str, str]) -> list[Applicant]:
    course, year = parameters.get("course"), parameters.get("year")
    return [row for row in rows if course in {None, row.draw.code} and year in {None, year_label(row.draw.year)}]


def _nobody(user: Reader, drawn: Drawn) -> str:
    if not sees_whole_district(user):
        return _("A draw is made for the whole district, so this report is for those who see all of it.")
    if not drawn.rows:
        return _(
            "No seats were drawn by lot with these choices. HR can offer the seats of a session by lot on its page; "
            "a year later the comparison stands here."
        )
    if np.isnan(drawn.stayed).all():
        return _("The year after these draws is not over yet, so nobody can say who stayed.")
    return ""


def _compare(drawn: Drawn, outcome: Floats, *, key: str, label: str, unit: str, scale: float = 1) -> list[Compared]:
    columns = drawn.columns
    took = np.array([row.took for row in drawn.rows], dtype=np.float64)
    found = {OFFERED: offered_effect(outcome, *columns), TAKING: complier_effect(outcome, took, *columns)}
    return [Compared(key, label, name, unit, scale, effect) for name, effect in found.items()]


def _on_staying(drawn: Drawn) -> list[Compared]:
    label = _("Still with the district a year later")
    return _compare(drawn, drawn.stayed, key=STAYING, label=label, unit=_("points"), scale=100)


def _figure(listed: Sequence[KpiFact], code: str) -> KpiFact | None:
    wanted = (fact for fact in listed if fact.code == code or (not code and fact.values))
    return next(wanted, None)


def _on_kpi(drawn: Drawn, figure: KpiFact, results: Classrooms) -> list[Compared]:
    scaled = standardise(results.value, results.scale)
    comparable = len(scaled) > 0 and np.isnan(scaled).mean() <= 0.5
    means = teacher_means(results, scaled if comparable else results.value)
    outcome = np.array([means.get((row.teacher, row.draw.year + 1), np.nan) for row in drawn.rows], dtype=np.float64)
    label = _("{kpi} in the year after").format(kpi=figure.name)
    unit = _("classroom SD") if comparable else figure.unit
    return _compare(drawn, outcome, key=KPI_RESULT, label=label, unit=unit)


def _answer(drawn: Drawn, compared: Sequence[Compared]) -> str:
    made = compared[0]
    if made.found.low is None:
        return _("{n} people applied in {draws} draws, too few or too alike to say more: {why}.").format(
            n=count(len(drawn.rows)), draws=count(len({row.draw.session for row in drawn.rows})),
            why=str(WHY_NOT.get(made.found.note, _("no interval can be given"))),
        )  # fmt: skip
    won, lost = rates(drawn)
    value, low, high = made.interval
    words = _(
        "Chance decided: of {winners} people who drew a seat {won} were still with the district a year later, of "
        "{losers} who drew none {lost}. The effect of being offered a seat is {value} points ({low} to {high})."
    )
    said = words.format(
        winners=count(made.found.winners),
        won=percent(won),
        losers=count(made.found.losers),
        lost=percent(lost),
        value=decimal(value or 0),
        low=decimal(low or 0),
        high=decimal(high or 0),
    )
    by_chance = (low or 0) <= 0 <= (high or 0)
    return f"{said} {_('A difference like that can come about by luck alone.')}" if by_chance else said


def _estimate(made: Compared) -> Estimate:
    label = _("{result}: effect of {what} ({unit})")
    return Estimate(
        f"{made.outcome}_{made.comparison}",
        label.format(result=made.label, what=str(NAMES[made.comparison]).lower(), unit=made.unit),
        *made.interval,
        made.found.winners + made.found.losers,
        kind=Kind.DECIMAL,
        decimals=2,
    )


def _balance_rows(check: Balance) -> list[tuple[object, ...]]:
    return [(str(COVARIATES[name]), difference) for name, difference in check.differences.items()]


def _draw_rows(drawn: Drawn) -> list[tuple[object, ...]]:
    draws = {row.draw.session: row.draw for row in drawn.rows}
    made: list[tuple[object, ...]] = []
    for session, draw in draws.items():
        here = [row for row in drawn.rows if row.draw.session == session]
        took = [_share(row.took for row in here if row.won == arm) for arm in (True, False)]
        named = draw.code, draw.title, draw.begins_on, draw.drawn_on, draw.seed
        made.append((*named, len(here), draw.seats, *took))
    return made


def _share(flags: Iterable[bool]) -> float | None:
    values = [*flags]
    return sum(values) / len(values) if values else None


def _caveats(compared: Sequence[Compared]) -> list[str]:
    least = [made for made in compared if made.least is not None]
    words = _("{result}: effects of {what} smaller than {least} {unit} could not be seen here.")
    return [
        _("It holds for the people who applied, and for this course as it was given then."),
        _("Whoever was passed a seat later, when somebody gave one back, counts as they were drawn: as a loser."),
        _("The effect of taking part assumes that winning changes nothing except through taking part."),
        *(
            words.format(
                result=made.label,
                what=str(NAMES[made.comparison]).lower(),
                least=decimal(made.least or 0, 2),
                unit=made.unit,
            )
            for made in least
        ),
    ]


def _warnings(check: Balance, compared: Sequence[Compared]) -> list[str]:
    found = []
    if check.p < UNEVEN:
        words = _(
            "Winners and losers differed before the draw by more than in {share} of fair draws. Once in twenty that is "
            "chance; repeat each draw on the page of its session to rule out a mistake."
        )
        found.append(words.format(share=percent(1 - check.p)))
    for made in compared:
        if made.comparison == OFFERED and made.found.lost.doubtful:
            words = _("{result}: the share without a result differs between winners ({won}) and losers ({lost}).")
            lost = made.found.lost
            found.append(
                words.format(
                    result=made.label, won=percent(lost.trained.value or 0), lost=percent(lost.others.value or 0)
                )
            )
    return found


def _charts(compared: Sequence[Compared]) -> list[tuple[str, Chart]]:
    drawn: list[tuple[str, Chart]] = []
    for key in (STAYING, KPI_RESULT):
        mine = [made for made in compared if made.outcome == key and made.found.low is not None]
        if mine:
            title = _("{result}: effect ({unit})").format(result=mine[0].label, unit=mine[0].unit)
            values = tuple(Value(*made.interval) for made in mine)
            labels = tuple(str(NAMES[made.comparison]) for made in mine)
            drawn.append(("trial", DotChart(title=title, labels=labels, values=values, unit=mine[0].unit, decimals=2)))
    return drawn


DEFINITIONS = (
    gettext_lazy(
        "A draw: a session had seats by lot, everybody applied before a public number was known, and the order came "
        "from that number alone. Draws in which everybody or nobody won compare nothing."
    ),
    gettext_lazy(
        "Being offered a seat: winners minus losers as drawn, whether or not they took part (intention to treat), each "
        "compared within the same draw. Intervals (95%) are by person."
    ),
    gettext_lazy(
        "Taking part: the same difference divided by how much winning raised the share who completed the course after "
        "the draw in that school year (two-stage least squares). It speaks of people who took part because they won, "
        "and is left out when winning hardly changed who did."
    ),
    gettext_lazy(
        "Still with the district a year later: at the census after the session's school year a teacher or on leave "
        "with right of return."
    ),
    gettext_lazy(
        "KPI in the year after: the mean of the person's classrooms in the school year after the session, in classroom "
        "standard deviations within subject, grades, term and year where at least 30 classrooms have a result."
    ),
    gettext_lazy(
        "Were they alike: differences of more than 0.25 are large. A test of all of them together warns when a fair "
        "draw would look so uneven once in twenty times or less."
    ),
    gettext_lazy("A fair draw is the design of ESSA Tier 1; whether a study reaches the tier depends on more."),
    definitions.NEWEST_YEAR,
)

REPORT = Report(
    name="trial",
    title=gettext_lazy("Seats by lot"),
    question=gettext_lazy("What difference did a seat make, where the seats were drawn by lot?"),
    build=build,
    parameters=(COURSE, choosing.YEAR, KPI),
)
