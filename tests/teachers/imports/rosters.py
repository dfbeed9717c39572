"""Invented rows of a roster."""

from __future__ import annotations

ANA = {
    "staff_id": "0042",
    "given_name": "Ana",
    "family_name": "Reyes",
    "email": "ana@alder.example",
    "position": "Classroom Teacher",
    "fte": "1.0",
    "employment_start": "2019-08-19",
    "employment_end": "",
    "separation_type": "",
    "separation_reason": "",
    "school_id": "0101",
    "subject": "Mathematics",
    "grades": "4-5",
    "assignment_start": "2021-08-16",
    "assignment_end": "",
}
BEN = ANA | {"staff_id": "0043", "given_name": "Ben", "family_name": "Osei", "email": "ben@alder.example"}
LEFT = {"employment_end": "2025-06-30", "separation_type": "Voluntary", "separation_reason": "01389"}


def staff(count: int) -> list[dict[str, str]]:
    return [ANA | {"staff_id": f"{number:04}", "given_name": f"N{number}"} for number in range(1, count + 1)]
