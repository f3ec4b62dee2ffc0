from django.db import migrations


def write_roles(apps, schema_editor):
    Role = apps.get_model("network", "Role")
    for office in apps.get_model("network", "Officer").objects.all():
        Role.objects.create(
            kind="officer",
            person_id=office.person_id,
            city_id=office.city_id,
            since=office.since,
            until=office.until,
        )


def write_officers(apps, schema_editor):
    Officer = apps.get_model("network", "Officer")
    for role in apps.get_model("network", "Role").objects.filter(kind="officer"):
        Officer.objects.create(
            person_id=role.person_id, city_id=role.city_id, since=role.since, until=role.until
        )
        role.delete()


class Migration(migrations.Migration):
    dependencies = [("network", "0002_organisations_roles_and_ties")]

    operations = [migrations.RunPython(write_roles, write_officers)]
