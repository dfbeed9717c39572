"""Rows that are filled in fast say letter by letter what a template with a loop would say, and escape as much."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.template import engines
from django.utils import translation
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.web.cells import cell
from pd_tracker.web.rows import Look, body, css, foot
from tests.pd_tracker.web.samples import NUMBERS, PEOPLE, ROWS

pytestmark = pytest.mark.urls("tests.pd_tracker.web.samples")

LOOP = """
{% load i18n %}{% for row in rows %}<tr{% if look.stack %} role="row"{% endif %}>
{% if look.pick %}<td class="pd-table__pick"{% if look.stack %} role="cell"{% endif %}>
<input type="checkbox" name="{{ look.pick }}" value="{{ row.key }}" form="{{ look.form_id }}"
 aria-label="{% blocktranslate with name=row.first.text %}Choose {{ name }}{% endblocktranslate %}"></td>{% endif %}
<th scope="row"{% if look.stack %} role="rowheader"{% endif %}
{% if row.first.css %} class="{{ row.first.css }}"{% endif %}>
{% if look.url_name %}<a class="govuk-link" href="{% url look.url_name row.key %}">{{ row.first.text }}</a>
{% else %}{{ row.first.text }}{% endif %}</th>
{% for cell in row.rest %}<td{% if look.stack %} role="cell" data-label="{{ cell.label }}"{% endif %}
{% if cell.css %} class="{{ cell.css }}"{% endif %}>{{ cell.text }}</td>{% endfor %}
</tr>{% endfor %}
"""
SLOW = engines["django"].from_string(LOOP.replace("\n", ""))
HOSTILE = "\"><script>alert('x')</script>&amp; 100 %s %(name)s %%"

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=9) | st.sampled_from(
    ["", HOSTILE, "O'Neil & Söhne"]
)
EXACT = st.integers(-(10**9), 10**9) | st.decimals(-(10**9), 10**9, places=3)
VALUES: dict[Kind, st.SearchStrategy[Any]] = dict.fromkeys(
    Kind, EXACT | st.floats(-1e9, 1e9) | st.just(float("nan"))
) | {
    Kind.TEXT: TEXTS | st.integers() | TEXTS.map(SafeString),
    Kind.ID: TEXTS,
    Kind.HOURS: EXACT,
    Kind.DATE: st.dates(),
    Kind.MOMENT: st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    Kind.YES_NO: st.booleans(),
}
LOOKS = st.builds(
    Look,
    stack=st.booleans(),
    pick=st.sampled_from(["", "teacher", HOSTILE]),
    form_id=st.sampled_from(["bulk", HOSTILE]),
    url_name=st.sampled_from(["", "sample-row"]),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    kinds = draw(st.lists(st.sampled_from(Kind), min_size=1, max_size=5))
    columns = tuple(Column(str(place), draw(TEXTS), kind) for place, kind in enumerate(kinds))
    rows = st.lists(st.tuples(*(st.none() | VALUES[kind] for kind in kinds)), max_size=4)
    return Table("t", "T", columns, rows=draw(rows))


@given(tables(), LOOKS, st.sampled_from(["en-us", "es"]))
def test_the_fast_rows_are_those_of_a_loop(table: Table, look: Look, language: str) -> None:
    rows = [slow_row(table, row, key) for key, row in zip(count(7, 10**4), table.rows, strict=False)]

    with translation.override(language):
        assert body(table, [row["key"] for row in rows], look) == SLOW.render({"rows": rows, "look": look})


def slow_row(table: Table, values: Any, key: int) -> dict[str, Any]:
    first, *rest = (SlowCell(value, column) for value, column in zip(values, table.columns, strict=True))
    return {"key": key, "first": first, "rest": rest}


class SlowCell:
    def __init__(self, value: Any, column: Column) -> None:
        self.value, self.column, self.css, self.label = value, column, css(column), column.label

    @property
    def text(self) -> str:
        return "".join(cell(self.value, self.column))  # joined, a text that calls itself safe is one no longer


def test_whatever_was_typed_stays_text() -> None:
    table = Table("t", "T", (Column("a", HOSTILE), Column("b", HOSTILE)), rows=[(HOSTILE, SafeString(HOSTILE))])
    look = Look(stack=True, pick=HOSTILE, form_id=HOSTILE, url_name="sample-row")

    markup = body(table, [7], look) + foot(replace(table, totals=(HOSTILE, HOSTILE)), look)

    assert "<script" not in markup
    assert markup.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;amp; 100 %s %(name)s %%") == 8
    assert set(re.findall(r"<\/?(\w+)", markup)) == {"tr", "td", "input", "th", "a"}


def test_a_key_may_be_a_word_and_makes_no_markup() -> None:
    markup = body(PEOPLE.with_rows(ROWS[:1]), ['7"><script>'], Look(pick="teacher"))

    assert "<script>" not in markup
    assert 'value="7&quot;&gt;&lt;script&gt;"' in markup


def test_as_many_keys_as_rows_or_it_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        body(PEOPLE.with_rows(ROWS[:2]), [1], Look(pick="teacher"))


def test_rows_have_as_many_cells_as_there_are_columns() -> None:
    with pytest.raises(ValueError, match="zip"):
        body(NUMBERS.with_rows([("Elementary", 1, 2)]), [], Look())


def test_a_table_without_rows_has_no_body_and_one_without_totals_no_foot() -> None:
    assert (body(PEOPLE.with_rows([]), [], Look(pick="teacher")), foot(PEOPLE, Look())) == ("", "")


def test_totals_leave_the_column_of_check_boxes_empty() -> None:
    said = '<th scope="row">All</th><td class="pd-table__number">19.8</td></tr>'

    assert foot(NUMBERS, Look(stack=True)) == f"<tr>{said}"
    assert foot(NUMBERS, Look(pick="level")) == f'<tr><td class="pd-table__pick"></td>{said}'


def test_a_key_of_text_cannot_leave_its_address():
    table = Table("t", "T", (Column("name", "Name"),), [("Ada",)])
    drawn = body(table, ['a"/?b c'], Look(url_name="api:revoke_token"))
    assert 'href="/tokens/a%22%2F%3Fb%20c/revoke/"' in drawn
