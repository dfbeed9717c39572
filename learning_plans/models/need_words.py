"""What speaks for a need, as sentences made from the figures that are kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning_plans.models.choices import ConfidenceName, LevelName, RelevanceName
from learning_plans.rules.choices import NeedSource
from teachers.rules.periods import Year

Figures = Mapping[str, Any]


def sentences(source: str, figures: Figures, words: str) -> list[str]:
    if source == NeedSource.SELF_ASSESSMENT:
        return [rating_words(figures)]
    if source in {NeedSource.KPI, NeedSource.OBSERVATION}:
        return [_of_measure(measure) for measure in figures.get("measures", ())]
    return [words]


def rating_words(said: Figures) -> str:
    """What somebody says of themselves, as far as they say it."""
    asked = (
        ("level", LevelName, _("Says: “%(words)s”.")),
        ("confidence", ConfidenceName, _("Confidence: “%(words)s”.")),
        ("relevance", RelevanceName, _("It matters: “%(words)s”.")),
    )
    return " ".join(words % {"words": names(said[key]).label} for key, names, words in asked if said.get(key))


def _of_measure(measure: Figures) -> str:
    known = {
        "name": measure["name"],
        "years": _years(measure["years"]),
        "own": formats.number_format(measure["own"], 1),
        "peers": formats.number_format(measure["peers"], 1),
        "basis": _basis(measure),
    }
    compared = (
        _("%(name)s, %(years)s: %(own)s; comparable ones %(peers)s (%(basis)s).")
        if measure.get("students")
        else _("%(name)s, %(years)s: %(own)s; colleagues of the same school %(peers)s (%(basis)s).")
    )
    return f"{compared % known} {_distance(measure)}"


def _basis(measure: Figures) -> str:
    if measure.get("students"):
        n = measure["students"]
        own = ngettext("%(n)d student", "%(n)d students", n) % {"n": n}
    else:
        n = measure["scores"]
        own = ngettext("%(n)d score", "%(n)d scores", n) % {"n": n}
    peers = ngettext("beside %(n)d other", "beside %(n)d others", measure["fewest_peers"])
    return f"{own}, {peers % {'n': measure['fewest_peers']}}"


def _distance(measure: Figures) -> str:
    """A distance in words; what luck alone could do has been taken off before."""
    far = abs(measure["value"])
    if far >= 0.8:
        return _("That is far apart, also after allowing for chance.")
    if far >= 0.5:
        return _("That is clearly apart, also after allowing for chance.")
    return _("That is somewhat apart, also after allowing for chance.")


def _years(starts: list[int]) -> str:
    first, last = Year(starts[0]).label, Year(starts[-1]).label
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
