from django.db import migrations

import tessera.apps.accounts.name


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_people_may_leave_notices")]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="name",
            field=tessera.apps.accounts.name.NameField(max_length=120, verbose_name="name"),
        ),
    ]
