"""How other systems say position and separation, in our closed lists: CEDS names and codes, and plain words."""

from __future__ import annotations

from teachers.rules.choices import Position, SeparationReason, SeparationType

POSITIONS: dict[str, str] = {
    "teacher": Position.CLASSROOM_TEACHER,
    "certificated teacher": Position.CLASSROOM_TEACHER,
    "sub": Position.SUBSTITUTE,
    "substitute teacher": Position.SUBSTITUTE,
    "teacher aide": Position.AIDE,
    "para": Position.AIDE,
    "paraprofessional": Position.AIDE,
    "paraeducator": Position.AIDE,
    "instructional aide": Position.AIDE,
}

SEPARATION_TYPES: dict[str, str] = {
    "voluntary separation": SeparationType.VOLUNTARY,
    "involuntary separation": SeparationType.INVOLUNTARY,
    "mutual": SeparationType.MUTUAL,
}

# CEDS "Employment Separation Reason": code, name, and the group that reports tell apart.
CEDS_REASONS = (
    ("01389", "Retirement", SeparationReason.RETIREMENT),
    ("01390", "Family/personal relocation", SeparationReason.PERSONAL),
    ("01391", "Change of assignment", SeparationReason.OTHER),
    ("01392", "Formal study or research", SeparationReason.PERSONAL),
    ("01393", "Illness/disability", SeparationReason.DISABILITY),
    ("01394", "Homemaking/caring for a family member", SeparationReason.PERSONAL),
    ("01395", "Budgetary reduction", SeparationReason.LAYOFF),
    ("01396", "Organizational restructuring", SeparationReason.LAYOFF),
    ("01397", "Decreased workload", SeparationReason.LAYOFF),
    ("01398", "Unsuitability", SeparationReason.OTHER),
    ("01399", "Misconduct", SeparationReason.OTHER),
    ("01400", "Continued absence or tardiness", SeparationReason.OTHER),
    ("01401", "Falsified application form", SeparationReason.OTHER),
    ("01402", "Credential revoked or suspended", SeparationReason.OTHER),
    ("01403", "Unsatisfactory work performance", SeparationReason.OTHER),
    ("01404", "Death", SeparationReason.DEATH),
    ("01405", "Personal reason", SeparationReason.PERSONAL),
    ("09997", "Unknown", SeparationReason.UNKNOWN),
    ("09999", "Other", SeparationReason.OTHER),
    ("73201", "Termination with Cause", SeparationReason.OTHER),
    ("73202", "Leave Planning to Return", SeparationReason.OTHER),
    ("73203", "Leave Not Planning to Return", SeparationReason.OTHER),
    ("73204", "Dissatisfied with teaching", SeparationReason.CAREER_CHANGE),
    ("73205", "End of Term (Teach For America)", SeparationReason.NON_RENEWAL),
    ("73206", "End of Term (Participate Learning)", SeparationReason.NON_RENEWAL),
    ("73207", "Interim contract ended -not rehired", SeparationReason.NON_RENEWAL),
    ("73208", "Non-renewal (probationary contract ended)", SeparationReason.NON_RENEWAL),
    ("73209", "Re-employed retired teacher resigned", SeparationReason.RESIGNATION),
    ("73210", "Resigned due to career change", SeparationReason.CAREER_CHANGE),
    ("73211", "Resigned due to movement required by Military Orders", SeparationReason.PERSONAL),
    ("89604", "Compensation", SeparationReason.OTHER_EMPLOYMENT),
)

PLAIN_REASONS: dict[str, str] = {
    "retired": SeparationReason.RETIREMENT,
    "resigned": SeparationReason.RESIGNATION,
    "not renewed": SeparationReason.NON_RENEWAL,
    "contract not renewed": SeparationReason.NON_RENEWAL,
    "laid off": SeparationReason.LAYOFF,
    "reduction in force": SeparationReason.LAYOFF,
    "rif": SeparationReason.LAYOFF,
    "deceased": SeparationReason.DEATH,
    "died": SeparationReason.DEATH,
    "relocation": SeparationReason.PERSONAL,
    "personal": SeparationReason.PERSONAL,
    "career change": SeparationReason.CAREER_CHANGE,
    "another district": SeparationReason.OTHER_DISTRICT,
    "not known": SeparationReason.UNKNOWN,
}

SEPARATION_REASONS: dict[str, str] = (
    {code: reason.value for code, _name, reason in CEDS_REASONS}
    | {code.lstrip("0"): reason.value for code, _name, reason in CEDS_REASONS}
    | {name: reason.value for _code, name, reason in CEDS_REASONS}
    | PLAIN_REASONS
)
