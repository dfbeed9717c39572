"""The HR summary: one workbook about the people of a school year, their learning, and records to look at."""
