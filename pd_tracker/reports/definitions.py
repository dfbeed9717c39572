"""The definitions printed under every report that uses them."""

from django.utils.translation import gettext_lazy as _

SNAPSHOT = _(
    "Snapshot of a school year: people who on the census day (October 1 unless the district sets another) are employed "
    "as classroom teachers, have a classroom assignment above 0 FTE, and are not on leave. Substitutes and aides are "
    "not counted. One person counts once, at the school with most of their FTE (on a tie last year's school, else the "
    "smallest school id)."
)
STATUSES = _(
    "A year later each person is exactly one of: stayer (teaching at the same school, or at the school that took it "
    "over), moved within (teaching at another school of the district), moved out (teaching at a school of another "
    "district on record), on leave (with right of return), left classroom (still employed, not teaching), leaver. "
    "A leave whose holder never came back to work becomes a leaver once that is known."
)
RETAINED = _("Retained in the district: stayers, people who moved within, and people on leave.")
LEFT = _(
    "Left: not retained in the district; that is leavers, people who left the classroom, and people who moved out."
)
NEWEST_YEAR = _(
    "A year is shown when the newest roster was made at least 30 days after the next census day. What lies after the "
    "newest roster has not been observed."
)
SHORT_SPELLS = _("Hired after one census day and gone before the next: in no snapshot and in no rate; counted here.")
WILSON = _(
    "The interval (Wilson, 95%) shows how much a group of this size moves by chance from year to year. The records "
    "list everybody, so it is not a sampling error."
)
HOURS = _(
    "PD hours: minutes of approved completions dated in the school year, divided by 60. Pending and voided completions "
    "do not count."
)
HOURS_PER_FTE = _("PD hours per FTE: hours of snapshot members divided by the sum of their FTE in the snapshot.")
PARTICIPATION = _(
    "Participation rate: snapshot members with at least one approved completion, of all snapshot members."
)
EXPERIENCE = _(
    "Experience: years of experience at the first hire plus years since. Where the record lacks it, the person is in "
    "the group “Not recorded”."
)
TENURE = _(
    "Tenure year: 1 at the first census after the person began to teach in the district, one more each year. A gap in "
    "employment that contains a census day ends the spell, and a later return begins again at 1; shorter gaps are "
    "ignored."
)
TITLE_I = _("Title I: the flag of the main school in that school year.")
TIER = _("ESSA Tier 3 style at best: correlational, with controls for selection.")
