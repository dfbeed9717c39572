"""Numbers that certificates are checked by: random, and easy to read off paper."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is mistaken for something else
LENGTH, PART = 16, 4  # 78 bits: nobody finds one by trying


def new_number() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def in_parts(number: str) -> str:
    """`7K3M-2PQR-9XYZ-4HJK`, as it is printed."""
    return "-".join(number[start : start + PART] for start in range(0, len(number), PART))


def read_off(typed: str) -> str:
    """What somebody typed, without hyphens and blanks; empty when it can be no number."""
    number = "".join(typed.split()).replace("-", "").upper()
    return number if len(number) == LENGTH and set(number) <= set(ALPHABET) else ""
