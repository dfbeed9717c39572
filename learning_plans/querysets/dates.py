"""Days counted on from other days in the database, alike on every one that is supported."""

from __future__ import annotations

from typing import Any

from django.db.models import DateField, Func


class YearsAfter(Func):
    """`YearsAfter(day, years)`; 29 February becomes 28 February where there is none, as in `rules.recurring`."""

    arity = 2
    output_field = DateField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(%(expressions)s))::date"
        return super().as_sql(compiler, connection, template=template, arg_joiner=" + make_interval(years => ", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """What would roll over into March is held back by the last day of its own month."""
        day, day_params = compiler.compile(self.get_source_expressions()[0])
        years, years_params = compiler.compile(self.get_source_expressions()[1])
        moved = f"date({day}, ({years}) || ' years')"
        end_of_month = f"date({day}, 'start of month', ({years}) || ' years', '+1 month', '-1 day')"
        return f"min({moved}, {end_of_month})", [*day_params, *years_params] * 2


class DaysAfter(Func):
    """`DaysAfter(day, days)`."""

    arity = 2
    output_field = DateField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" + ", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="date(%(expressions)s || ' days')", arg_joiner=", ", **extra
        )
