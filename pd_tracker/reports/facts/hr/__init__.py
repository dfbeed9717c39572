"""What the HR summary asks the database: a constant number of grouped queries whatever the size of the district."""
