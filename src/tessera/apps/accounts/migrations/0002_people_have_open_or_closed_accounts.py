from django.db import migrations, models

import tessera.apps.accounts.address


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people")]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="email",
            field=tessera.apps.accounts.address.AddressField(
                max_length=254, unique=True, verbose_name="e-mail address"
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="is_active",
            field=models.BooleanField(
                default=True,
                help_text="Someone whose account is closed cannot sign in. "
                "What they did stays under their name.",
                verbose_name="account is open",
            ),
        ),
    ]
