"""The column in which a period lies."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from psycopg.types.range import DateRange

from chibo.core.period import Period


class PeriodField(DateRangeField):
    """A `daterange` column that speaks `Period`."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Period | None:
        return None if value is None else Period(value.lower, value.upper)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Period):
            return DateRange(value.since, value.until, "[)")
        return super().get_prep_value(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Period):
            return value
        got = super().to_python(value)
        return Period(got.lower, got.upper) if got is not None else None
