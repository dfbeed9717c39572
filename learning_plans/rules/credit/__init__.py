"""Which hours count towards a license, and why. Pure: a pack, facts and a day give a decision."""
