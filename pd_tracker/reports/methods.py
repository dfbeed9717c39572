"""What each kind of number means, how it is made, and what it cannot say: the words of the methods page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Source:
    words: str
    doi: str

    @property
    def url(self) -> str:
        return f"https://doi.org/{self.doi}"


@dataclass(frozen=True, slots=True)
class Method:
    """One kind of number; `reports` are the names of those that print it."""

    key: str
    name: Any
    means: Any
    how: Any
    cannot: Any
    reports: tuple[str, ...]
    source: Source | None = None


METHODS = (
    Method(
        "hours",
        _("Hours and participation"),
        _("How much training is on record for the people of a snapshot, per head and per full-time position."),
        _("Minutes of approved completions dated in the school year, added up and divided by people or FTE."),
        _("What was learned, or whether more was needed. Training nobody recorded is not there."),
        ("participation", "equity_access"),
    ),
    Method(
        "retained",
        _("Who is still here a year later"),
        _("Each person of a snapshot has exactly one status on the next census day; the shares add up to everybody."),
        _("Counts divided by the snapshot. The newest year waits until its census is 30 days past."),
        _("Where people went: a district sees only its own staff. Small schools jump from year to year by chance."),
        ("retention",),
    ),
    Method(
        "interval",
        _("Interval"),
        _(
            "The range that a number of this size moves in by chance. If the interval of a difference includes 0, no "
            "difference at all would be no surprise."
        ),
        _("95%. Shares use Wilson's interval, which stays right near 0 and 100% and in small groups."),
        _("Mistakes in the records, and differences between people that nobody recorded, are not in it."),
        ("participation", "retention", "survival", "exits", "pd_retention", "pd_kpi"),
        Source("Wilson (1927), J. American Statistical Association 22:209", "10.1080/01621459.1927.10502953"),
    ),
    Method(
        "schools",
        _("Counting schools, not only people"),
        _("Teachers of one school share a principal and a neighborhood, so they are not as many separate facts."),
        _(
            "Intervals of comparisons are made by school, with Student's t. With fewer than 50 schools each is left "
            "out in turn; with fewer than 5 there is no interval, and only counts are shown."
        ),
        _("With few schools an interval is wide. That is how little is known, not a fault of the report."),
        ("survival", "pd_retention", "pd_kpi", "equity_access", "event_study", "courses_forest", "equity_outcomes"),
        Source("Cameron & Miller (2015), J. Human Resources 50:317", "10.3368/jhr.50.2.317"),
    ),
    Method(
        "smallest",
        _("Smallest difference that could be seen"),
        _("A true difference of this size would be found in four of five districts like this one."),
        _("About 2.8 times the standard error; more where there are few schools."),
        _("That there is no difference. Smaller ones may be there and could not be seen."),
        ("pd_retention", "pd_kpi", "equity_access", "trial"),
        Source("Bloom (1995), Evaluation Review 19:547", "10.1177/0193841X9501900504"),
    ),
    Method(
        "survival",
        _("How long people stay, and how they go"),
        _("The share of new teachers still here after one year, two years and so on; every exit counted once."),
        _(
            "A life table by year of tenure. Who was here before the records begin enters at the tenure they had, and "
            "who is still here counts for as long as they were seen."
        ),
        _("The last years rest on few people, so a curve ends where fewer than 10 remain in view."),
        ("survival", "exits"),
    ),
    Method(
        "training_first",
        _("Training of the year before"),
        _(
            "Whether people with more hours last year left less often in the year after. Total hours are never set "
            "against staying: who stays longer has more years to collect hours, so that comparison always looks good."
        ),
        _(
            "Hours of one school year, leaving in the next, among people of the same year and experience. The "
            "comparison is with 1 to 14 hours, because 0 may mean that nothing was recorded."
        ),
        _(
            "Motivated people choose training, and who plans to leave skips it. No comparison of records removes that: "
            "it is an association."
        ),
        ("pd_retention",),
    ),
    Method(
        "hidden",
        _("How strong a hidden factor would have to be"),
        _("A hidden factor tied to both training and leaving this strongly could make the association by itself."),
        _("The E-value of the ratio of the two rates, and of the end of its interval that is nearer to 1."),
        _("Whether there is such a factor. Compare it with one that was measured, such as nearing retirement."),
        ("pd_retention",),
        Source("VanderWeele & Ding (2017), Annals of Internal Medicine 167:268", "10.7326/M16-2607"),
    ),
    Method(
        "results",
        _("Classroom results after training"),
        _("How classrooms of teachers with more training stand beside those with the same result the year before."),
        _("Least squares on this year's result, given last year's; every classroom weighed by how sure its mean is."),
        _(
            "Lasting differences between teachers who choose training and those who do not. A result that was low by "
            "chance rises by itself, so growth alone is never shown."
        ),
        ("pd_kpi",),
    ),
    Method(
        "event",
        _("Before and after a course, against people trained later"),
        _("How the results of people who took a course move around that year, beside those not trained yet."),
        _("Each year's group of new takers against everybody not yet trained, with the year before skipped."),
        _("A flat line before the course does not prove that both would have stayed alike without it."),
        ("event_study",),
        Source("Callaway & Sant'Anna (2021), J. Econometrics 225:200", "10.1016/j.jeconom.2020.12.001"),
    ),
    Method(
        "many",
        _("Comparing many courses or groups at once"),
        _("Of many comparisons some stand out by chance. Those that still stand out after correction are named."),
        _("Benjamini and Hochberg's correction; estimates of courses are pulled toward their average by their noise."),
        _("A rank. The one that looks best in a long list is mostly the luckiest."),
        ("courses_forest", "equity_access"),
        Source(
            "Benjamini & Hochberg (1995), J. Royal Statistical Society B 57:289", "10.1111/j.2517-6161.1995.tb02031.x"
        ),
    ),
    Method(
        "gaps",
        _("Gaps between groups of students"),
        _("How far two groups of students in the same classroom are apart, and whether that narrows."),
        _("Both groups have the same teacher in the same year, so what the teacher brings to all of them cancels."),
        _("A gap also narrows when the group ahead falls; the change of both groups is printed beside it."),
        ("equity_outcomes",),
    ),
    Method(
        "same_mix",
        _("At the same mix"),
        _("The difference between two groups of teachers if both had the same experience and school levels."),
        _("Least squares with a column for each band of experience and each level, weighted by FTE."),
        _("Need. Who gets fewer hours may need fewer, or more."),
        ("equity_access",),
    ),
    Method(
        "lottery",
        _("Seats by lot"),
        _("Where chance decided who got a seat, winners and losers were alike. A later difference is the seat's."),
        _(
            "Winners against losers of the same draw, whether or not they took part; and for those who took part "
            "only if they won, that difference divided by how much winning raised the share who did."
        ),
        _("Other people and other courses: it holds for those who applied, then and there."),
        ("trial",),
        Source("Imbens & Angrist (1994), Econometrica 62:467", "10.2307/2951620"),
    ),
    Method(
        "small",
        _("Small groups"),
        _("With few people a number says more about single persons and about chance than about the group."),
        _("Groups under 10 people are counted but not compared; classrooms with under 5 students are left out."),
        _("That nothing happened there. It means that nothing can be said."),
        ("pd_retention", "pd_kpi", "equity_access", "trial", "equity_outcomes"),
    ),
)
LIMITS = (
    _("No report proves a cause, except where seats were drawn by lot. All others describe what goes together."),
    _(
        "Training changes what people need next, and what happens to them decides what training they take. Following "
        "both over many years needs other methods; these reports do not try."
    ),
    _("Training half a school may help the other half. Then comparisons inside a school show too little."),
)
