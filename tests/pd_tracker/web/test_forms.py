"""Lists to choose from are drawn at once, and nothing in them escapes."""

from __future__ import annotations

from django import forms
from django.utils.safestring import mark_safe

CHOICES = (("", "All"), ('"1"', "Hill & <Lake>"), (2, mark_safe("<b>2</b>")), ("Group", [("3", "Three")]))


def test_options_are_those_that_django_draws():
    field = forms.ChoiceField(choices=CHOICES)
    mine = field.widget.render("school", "2")
    plain = " ".join(mine.split())
    assert '<option value="">All</option>' in plain
    assert '<option value="&quot;1&quot;">Hill &amp; &lt;Lake&gt;</option>' in plain
    assert '<option value="2" selected><b>2</b></option>' in plain
    assert '<optgroup label="Group"> <option value="3">Three</option> </optgroup>' in plain


def test_other_attributes_of_an_option_are_drawn():
    class Select(forms.Select):
        def create_option(self, *args, **kwargs):
            made = super().create_option(*args, **kwargs)
            return made | {"attrs": {**made["attrs"], "data-level": '"high"', "disabled": True}}

    drawn = Select(choices=[("1", "Hill")]).render("school", None)
    assert '<option value="1" data-level="&quot;high&quot;" disabled>Hill</option>' in drawn
