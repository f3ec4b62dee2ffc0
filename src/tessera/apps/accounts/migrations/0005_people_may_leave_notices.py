from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_a_table_that_counts_tries")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="gets_notices",
            field=models.BooleanField(
                default=True,
                help_text="Invitations, reminders of one's own deadlines and mails about one's account "
                "come in any case.",
                verbose_name="gets news about the work of others",
            ),
        ),
    ]
