"""What was planted in the demonstration district, so that tests can ask whether the reports find it.

Everything here is true of the invented people because they were drawn this way. Whoever reads the reports of the
demonstration should find the associations below, and should not find any where none was planted:

a. *Training and staying.* Who had at least `HOURS` hours of training in the school year before a census leaves in the
   year after it less often: the odds are multiplied by `TRAINED_ODDS`. It holds for everybody who was there for the
   whole year of training. Training does not depend on anything that also makes people leave, except on experience
   (b), so a comparison within year and experience band is enough to see it.
b. *Early career.* With fewer than `EARLY_YEARS` years of experience the odds of leaving are multiplied by
   `EARLY_ODDS`, and people train a little more; that is why the crude comparison understates (a).
c. *Need of the school.* In schools where at least `NEED_PERCENT` percent of students get free or reduced-price meals,
   the odds of leaving are multiplied by `NEED_ODDS`, and moves to another school are more frequent.
d. *Age.* From `RETIREMENT_AGE` the odds are multiplied by `RETIREMENT_ODDS`.
e. *One course.* Classes of teachers who took the course `COURSE` gain `COURSE_GAIN` standard deviations more growth in
   the next school year, and in that year only. It is held from January to June, so that those are the first results
   after it; only who left before, or takes it this fall, has it earlier. People came to it by chance. No other course
   changes anything.
f. *Seats by lot.* Winners of the draws for `DRAWN_COURSE` neither stay more often nor do their classes do better.
g. *Nothing.* Attendance, discipline, assessment means and observation scores do not depend on training at all.
"""

from __future__ import annotations

from math import exp

HOURS = 30
TRAINED_ODDS = 0.65

EARLY_YEARS = 3
EARLY_ODDS = 1.9

NEED_PERCENT = 60
NEED_ODDS = 1.5
NEED_MOVES = 1.6

RETIREMENT_AGE = 60
RETIREMENT_ODDS = 2.6

USUAL_ODDS = 0.080 / 0.920  # experienced, not near retirement, little training, school of lower need

COURSE = "PD-214"
COURSE_GAIN = 0.25
DRAWN_COURSE = "PD-240"

WITHOUT_ASSOCIATION = ("attendance", "discipline_per_100", "assessment_mean", "observation")


def chance_of_leaving(*, trained: bool, early: bool, need: bool, old: bool, school: float) -> float:
    """Chance to leave between a census and the next; `school` is what the place itself adds to the log odds."""
    odds = USUAL_ODDS * exp(school)
    for holds, factor in (
        (trained, TRAINED_ODDS),
        (early, EARLY_ODDS),
        (need, NEED_ODDS),
        (old, RETIREMENT_ODDS),
    ):
        odds *= factor if holds else 1.0
    return odds / (1 + odds)
