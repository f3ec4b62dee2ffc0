from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("review", "0004_evidence_in_pieces")]

    operations = [migrations.RemoveField(model_name="answer", name="evidence")]
