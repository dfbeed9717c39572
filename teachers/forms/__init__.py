"""What people type on the people side."""
