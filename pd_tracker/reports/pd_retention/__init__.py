"""Last year's training and leaving the year after: person-years, never totals over a career."""
