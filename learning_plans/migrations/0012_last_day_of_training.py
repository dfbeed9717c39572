from datetime import date

from django.db import migrations, models
from django.db.models import Q

FORGET = "DELETE FROM learning_plans_trainingyear"
SUM_UP = """
INSERT INTO learning_plans_trainingyear (teacher_id, year, category, minutes, completions, last_on)
SELECT c.teacher_id, d.year, c.category, SUM(c.minutes), COUNT(*), MAX(c.completed_on)
FROM learning_plans_completion AS c
JOIN teachers_teacher AS t ON t.id = c.teacher_id
JOIN learning_plans_trainingdays AS d
  ON d.district_id = t.district_id AND c.completed_on BETWEEN d.starts_on AND d.ends_on
WHERE c.state = 'approved'
GROUP BY c.teacher_id, d.year, c.category
"""
BY_YEAR = "CREATE INDEX training_by_year ON learning_plans_trainingyear (year, teacher_id)"


def index_by_year(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(BY_YEAR)


class Migration(migrations.Migration):
    """The sums are made anew, because only the completions know the day."""

    dependencies = [
        ('learning_plans', '0011_recurring_rules'),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='trainingyear',
            name='last_on',
            field=models.DateField(default=date(2000, 1, 1), verbose_name='last day'),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='completion',
            index=models.Index(condition=Q(state='pending'), fields=['completed_on', 'teacher'], name='completion_pending'),
        ),
        migrations.RunPython(index_by_year, migrations.RunPython.noop),
        migrations.RunSQL(SUM_UP, migrations.RunSQL.noop),
    ]
