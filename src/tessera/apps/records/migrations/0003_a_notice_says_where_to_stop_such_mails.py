from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0002_a_trail_entry_never_changes")]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="leave_url",
            field=models.TextField(
                blank=True,
                default="",
                help_text="empty in a mail that always comes",
                verbose_name="where to stop such mails",
            ),
            preserve_default=False,
        ),
    ]
