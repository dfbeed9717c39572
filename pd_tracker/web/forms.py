"""How forms are drawn everywhere."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Django's own, with the field template of the site."""

    field_template_name = "parts/field.html"
