from django.db import migrations, models

import tessera.apps.accounts.name


class Migration(migrations.Migration):
    dependencies = [("review", "0008_sheets_that_came_back")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="name",
            field=tessera.apps.accounts.name.NameField(
                blank=True,
                default="",
                help_text="as it was typed; empty with an account",
                max_length=120,
                verbose_name="name",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assignment",
            name="sent_again_on",
            field=models.DateField(blank=True, null=True, verbose_name="link sent again on"),
        ),
        migrations.AddField(
            model_name="areawork",
            name="told_on",
            field=models.DateField(
                editable=False,
                help_text="when the officers were last told that it is complete",
                null=True,
            ),
        ),
    ]
