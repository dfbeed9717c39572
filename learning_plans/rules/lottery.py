"""Seats by lot: a draw that anybody can repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Draw:
    """Everybody in the order drawn; the first `seats` win, the rest wait in this order."""

    order: tuple[str, ...]
    seats: int

    @property
    def winners(self) -> tuple[str, ...]:
        return self.order[: self.seats]

    @property
    def waiting(self) -> tuple[str, ...]:
        return self.order[self.seats :]


def draw(applicants: Sequence[str | int], seats: int, seed: str) -> Draw:
    """Draw seats among applicants so that anybody can repeat it.

    Parameters
    ----------
    applicants
        Identifiers, each once, in any order.
    seats
        Seats there are.
    seed
        Text that nobody could choose or know before applications closed, such as the numbers of a public lottery of a
        later day. Use another seed, or one ending in the session's code, for every session.

    Returns
    -------
    Draw
        Applicants by the SHA-256 of "seed:identifier" in UTF-8, read as hexadecimal text, smallest first.

    Raises
    ------
    ValueError
        When an identifier stands there twice, the seed is empty, or seats are negative.

    Notes
    -----
    The same on every machine and in every version; `printf '%s' 'seed:identifier' | sha256sum` checks one line. Every
    order is equally likely as long as the seed is not chosen by somebody who knows the identifiers.
    """
    names = [str(applicant) for applicant in applicants]
    if len(set(names)) < len(names):
        raise ValueError("Every applicant enters the draw once.")
    if not seed or seats < 0:
        raise ValueError("A draw needs a seed, and 0 seats or more.")
    return Draw(tuple(sorted(names, key=lambda name: sha256(f"{seed}:{name}".encode()).hexdigest())), seats)


def seed_of(said: str, session: int) -> str:
    """The seed of one session: two sessions drawn from one public number give nobody the same luck twice."""
    return f"{said.strip()}:{session}"
