"""The KPIs every district starts with; names and targets are theirs to change."""

from django.db import migrations

CATALOGUE = [
    # code, name, unit, level, better
    ("growth", "Student growth", "scale points", "classroom", "higher"),
    ("assessment_mean", "Assessment mean", "scale points", "classroom", "higher"),
    ("proficiency", "Students proficient", "percent", "classroom", "higher"),
    ("attendance", "Attendance", "percent", "classroom", "higher"),
    ("chronic_absence", "Chronically absent students", "percent", "school", "lower"),
    ("discipline_per_100", "Discipline incidents", "per 100 students", "classroom", "lower"),
    ("graduation", "Graduation", "percent", "school", "higher"),
    ("observation", "Observation score", "rubric points", "teacher", "higher"),
    ("family_engagement", "Family engagement", "index points", "school", "higher"),
    ("community_engagement", "Community engagement", "index points", "district", "higher"),
]


def seed(apps, schema_editor):
    kpis = apps.get_model("teachers", "Kpi")
    kpis.objects.bulk_create(
        kpis(code=code, name=name, unit=unit, level=level, better=better)
        for code, name, unit, level, better in CATALOGUE
    )


class Migration(migrations.Migration):
    dependencies = [("teachers", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
