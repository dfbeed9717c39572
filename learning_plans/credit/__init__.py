"""What is decided about licenses from the record, and how it is told: between the actions and the models."""
