"""The renewals board, and the notices of one mailing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from learning_plans.credit.renewal_words import short_words
from learning_plans.credit.wording import name_of
from learning_plans.models.choices import LicenceStatusName
from pd_tracker.sheets.table import Column, Kind, Table

DAYS_LEFT = "days_left"
BOARD = Table(
    key="renewals",
    title=_("Licenses to renew"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("staff_id", _("Staff id"), Kind.ID, source="licence__teacher__staff_id"),
        Column("school", _("School"), source="school_name"),
        Column("license", _("License"), source="licence_name"),
        Column("number", _("Number"), Kind.ID, source="licence__number"),
        Column("ends_on", _("Ends"), Kind.DATE),
        Column(DAYS_LEFT, _("Days left"), Kind.INTEGER, source="last_day", help=_("Below 0: days since it ended.")),
        Column("rules", _("Rules"), source="rule_pack"),
        Column("unit", _("Unit"), show=name_of),
        Column("required", _("Required"), Kind.DECIMAL),
        Column("counted", _("Counted"), Kind.DECIMAL),
        Column("missing", _("Missing"), Kind.DECIMAL),
        Column("short", _("Short by category"), show=short_words, sortable=False),
        Column("pending", _("Waiting"), Kind.DECIMAL, help=_("Credit that counts once somebody approves it.")),
        Column("status", _("Status"), show=lambda value: LicenceStatusName(value).label),
        Column("notices", _("Notices sent"), Kind.INTEGER, source="notice_count"),
        Column("noticed_at", _("Last notice"), Kind.MOMENT),
        Column("waiver", _("Waiver"), Kind.YES_NO, source="is_waived"),
    ),
)
# On a page a few columns are enough; the file holds them all.
ONLY_IN_FILES = {"number", "rules", "unit", "noticed_at"}

NOTICES = Table(
    key="renewal_notices",
    title=_("Notices of this mailing"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("given_name", _("Given name"), source="licence__teacher__given_name"),
        Column("family_name", _("Family name"), source="licence__teacher__family_name"),
        Column("staff_id", _("Staff id"), Kind.ID, source="licence__teacher__staff_id"),
        Column("email", _("Email"), source="licence__teacher__email"),
        Column("school", _("School")),
        Column("license", _("License"), source="licence_name"),
        Column("number", _("Number"), Kind.ID, source="licence__number"),
        Column("end", _("End"), Kind.DATE, source="ends_on"),
        Column(DAYS_LEFT, _("Days left"), Kind.INTEGER),
        Column("short", _("Missing")),
        Column("was_told", _("Told in the site"), Kind.YES_NO),
        Column("words", _("Words"), sortable=False),
    ),
)


def board(*, on: date, is_file: bool) -> Table:
    """The board as it is read on a day."""

    def days_left(ends_on: date) -> int:
        return (ends_on - on).days

    columns = (
        replace(column, show=days_left) if column.key == DAYS_LEFT else column
        for column in BOARD.columns
        if is_file or column.key not in ONLY_IN_FILES
    )
    return replace(BOARD, columns=tuple(columns))


def notices(*, is_file: bool) -> Table:
    kept = {"name", "staff_id", "school", "license", "end", "short", "was_told"}
    return NOTICES if is_file else replace(NOTICES, columns=tuple(c for c in NOTICES.columns if c.key in kept))
