"""Form widgets of our own."""

from django import forms


class DayInput(forms.DateInput):
    """The browser's own calendar; the value travels as an ISO date whatever the language of the page."""

    input_type = "date"

    def __init__(self, **kwargs: object) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)  # type: ignore[arg-type]


class MomentInput(forms.DateTimeInput):
    """Day and time in the district's zone, with the browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: object) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)  # type: ignore[arg-type]
