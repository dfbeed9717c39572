"""InTASC's and California's standards by their titles; InTASC is used where nothing else is chosen."""

from django.db import migrations

INTASC = "InTASC Model Core Teaching Standards", "2013", "Council of Chief State School Officers"
CSTP = (
    "California Standards for the Teaching Profession",
    "2009",
    "California Commission on Teacher Credentialing",
)
INTASC_GROUPS = [
    ("The Learner and Learning", ["Learner Development", "Learning Differences", "Learning Environments"]),
    ("Content Knowledge", ["Content Knowledge", "Application of Content"]),
    ("Instructional Practice", ["Assessment", "Planning for Instruction", "Instructional Strategies"]),
    ("Professional Responsibility", ["Professional Learning and Ethical Practice", "Leadership and Collaboration"]),
]
CSTP_STANDARDS = [
    "Engaging and Supporting All Students in Learning",
    "Creating and Maintaining Effective Environments for Student Learning",
    "Understanding and Organizing Subject Matter for Student Learning",
    "Planning Instruction and Designing Learning Experiences for All Students",
    "Assessing Students for Learning",
    "Developing as a Professional Educator",
]


def ship(apps, schema_editor):
    frameworks = apps.get_model("learning_plans", "Framework").objects
    competencies = apps.get_model("learning_plans", "Competency").objects
    intasc, is_new = framework(frameworks, INTASC)
    if is_new:
        number = 0
        for place, (name, standards) in enumerate(INTASC_GROUPS):
            code = f"InTASC {'ABCD'[place]}"
            group = competencies.create(framework=intasc, code=code, name=name, place=100 * place)
            for standard in standards:
                number += 1
                competencies.create(
                    framework=intasc, code=f"InTASC {number}", name=standard, parent=group, place=100 * place + number
                )
    if not frameworks.filter(is_default=True).exists():
        intasc.is_default = True
        intasc.save()
    cstp, is_new = framework(frameworks, CSTP)
    if is_new:
        for number, name in enumerate(CSTP_STANDARDS, 1):
            competencies.create(framework=cstp, code=f"CSTP {number}", name=name, place=number)


def framework(frameworks, named):
    name, version, publisher = named
    return frameworks.get_or_create(name=name, version=version, defaults={"publisher": publisher})


class Migration(migrations.Migration):
    dependencies = [('learning_plans', '0004_training_years')]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
