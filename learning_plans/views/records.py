"""Recording, correcting and voiding completions."""

urlpatterns: list[object] = []
