from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("network", "0003_officers_become_roles")]

    operations = [migrations.DeleteModel(name="Officer")]
