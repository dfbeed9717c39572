"""On PostgreSQL the database itself refuses two licenses of one person, state and type on the same day.

Ranges of numbers stand in for equality, which GiST can only compare with an extension that not every server offers.
"""

import logging

from django.db import migrations

logger = logging.getLogger(__name__)

NAME = "licences_do_not_overlap"
KIND = "hashtextextended(upper(jurisdiction) || '/' || upper(licence_type), 0)::numeric"
ADD = f"""
ALTER TABLE teachers_licence ADD CONSTRAINT {NAME} EXCLUDE USING gist (
    int8range(teacher_id, teacher_id, '[]') WITH &&,
    numrange({KIND}, {KIND}, '[]') WITH &&,
    daterange(valid_from, valid_until, '[]') WITH &&
) DEFERRABLE INITIALLY IMMEDIATE
"""
OVERLAPPING = """
SELECT 1 FROM teachers_licence a JOIN teachers_licence b ON a.teacher_id = b.teacher_id AND a.id < b.id
    AND upper(a.jurisdiction) = upper(b.jurisdiction) AND upper(a.licence_type) = upper(b.licence_type)
    AND daterange(a.valid_from, a.valid_until, '[]') && daterange(b.valid_from, b.valid_until, '[]')
LIMIT 1
"""


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OVERLAPPING)
        if cursor.fetchone():  # entered before this was refused: the pages and files still refuse new ones
            logger.warning("Licenses of one person overlap already, so the database does not refuse that itself.")
            return
        cursor.execute(ADD)


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE teachers_licence DROP CONSTRAINT IF EXISTS {NAME}")


class Migration(migrations.Migration):
    dependencies = [("teachers", "0004_credit")]
    operations = [migrations.RunPython(refuse, allow)]
