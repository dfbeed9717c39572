"""The closed lists of the rules with the words people read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Role
from teachers.rules import choices as rules

# Enumerations live in rules without Django; these give each value its word.


class RoleName(TextChoices):
    TEACHER = Role.TEACHER.value, _("Teacher")
    COACH = Role.COACH.value, _("Coach")
    MENTOR = Role.MENTOR.value, _("Mentor")
    PRINCIPAL = Role.PRINCIPAL.value, _("Principal")
    HR = Role.HR.value, _("HR")
    FINANCE = Role.FINANCE.value, _("Finance")
    LEADER = Role.LEADER.value, _("District leader")
    ADMIN = Role.ADMIN.value, _("Administrator")


class PositionName(TextChoices):
    CLASSROOM_TEACHER = rules.Position.CLASSROOM_TEACHER.value, _("Classroom teacher")
    SUBSTITUTE = rules.Position.SUBSTITUTE.value, _("Substitute")
    AIDE = rules.Position.AIDE.value, _("Aide")
    OTHER = rules.Position.OTHER.value, _("Other")


class SchoolLevelName(TextChoices):
    ELEMENTARY = rules.SchoolLevel.ELEMENTARY.value, _("Elementary")
    MIDDLE = rules.SchoolLevel.MIDDLE.value, _("Middle")
    HIGH = rules.SchoolLevel.HIGH.value, _("High")
    COMBINED = rules.SchoolLevel.COMBINED.value, _("Combined")
    OTHER = rules.SchoolLevel.OTHER.value, _("Other")


class SeparationTypeName(TextChoices):
    VOLUNTARY = rules.SeparationType.VOLUNTARY.value, _("Voluntary")
    INVOLUNTARY = rules.SeparationType.INVOLUNTARY.value, _("Involuntary")
    MUTUAL = rules.SeparationType.MUTUAL.value, _("Mutual agreement")
    OTHER = rules.SeparationType.OTHER.value, _("Other")


class SeparationReasonName(TextChoices):
    RETIREMENT = rules.SeparationReason.RETIREMENT.value, _("Retirement")
    RESIGNATION = rules.SeparationReason.RESIGNATION.value, _("Resignation")
    NON_RENEWAL = rules.SeparationReason.NON_RENEWAL.value, _("Contract not renewed")
    LAYOFF = rules.SeparationReason.LAYOFF.value, _("Layoff")
    DEATH = rules.SeparationReason.DEATH.value, _("Death")
    DISABILITY = rules.SeparationReason.DISABILITY.value, _("Disability")
    OTHER_DISTRICT = rules.SeparationReason.OTHER_DISTRICT.value, _("Work in another district")
    OTHER_EMPLOYMENT = rules.SeparationReason.OTHER_EMPLOYMENT.value, _("Other employment")
    PERSONAL = rules.SeparationReason.PERSONAL.value, _("Personal reason")
    CAREER_CHANGE = rules.SeparationReason.CAREER_CHANGE.value, _("Change of career")
    OTHER = rules.SeparationReason.OTHER.value, _("Other")
    UNKNOWN = rules.SeparationReason.UNKNOWN.value, _("Unknown")


class LeaveKindName(TextChoices):
    PARENTAL = rules.LeaveKind.PARENTAL.value, _("Parental leave")
    MEDICAL = rules.LeaveKind.MEDICAL.value, _("Medical leave")
    SABBATICAL = rules.LeaveKind.SABBATICAL.value, _("Sabbatical")
    MILITARY = rules.LeaveKind.MILITARY.value, _("Military leave")
    UNPAID = rules.LeaveKind.UNPAID.value, _("Unpaid leave")
    OTHER = rules.LeaveKind.OTHER.value, _("Other leave")


class PairingKindName(TextChoices):
    COACH = rules.PairingKind.COACH.value, _("Coach")
    MENTOR = rules.PairingKind.MENTOR.value, _("Mentor")


class KpiLevelName(TextChoices):
    CLASSROOM = rules.KpiLevel.CLASSROOM.value, _("Classroom")
    TEACHER = rules.KpiLevel.TEACHER.value, _("Teacher")
    SCHOOL = rules.KpiLevel.SCHOOL.value, _("School")
    DISTRICT = rules.KpiLevel.DISTRICT.value, _("District")


class TermName(TextChoices):
    YEAR = rules.Term.YEAR.value, _("Whole year")
    FALL = rules.Term.FALL.value, _("Fall")
    WINTER = rules.Term.WINTER.value, _("Winter")
    SPRING = rules.Term.SPRING.value, _("Spring")
