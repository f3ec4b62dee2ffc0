from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def take_from_cycle(apps, schema_editor):
    """Until now every city of a cycle began with it, as far as anybody wrote down."""
    cycles = apps.get_model("review", "Cycle").objects.filter(pk=OuterRef("cycle"))
    reviews = apps.get_model("review", "Review").objects.filter(cycle__isnull=False)
    reviews.update(opened_at=Subquery(cycles.values("opened_at")))


class Migration(migrations.Migration):
    dependencies = [("review", "0005_answer_without_evidence")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="opened"),
        ),
        migrations.RunPython(take_from_cycle, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=Q(cycle__isnull=True) | Q(opened_at__isnull=False),
                name="a_review_of_a_cycle_says_when_it_was_opened",
            ),
        ),
    ]
