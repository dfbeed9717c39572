"""Questions to the database: grouped counts and sums, and person-years, cut to what the reader may see."""
