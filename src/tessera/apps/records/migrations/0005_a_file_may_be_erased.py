from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0004_files_that_people_give"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="erased"),
        ),
    ]
