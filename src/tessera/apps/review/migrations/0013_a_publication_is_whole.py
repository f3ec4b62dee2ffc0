from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

trigger = import_module("tessera.apps.review.migrations.0002_a_publication_never_changes")


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0012_what_was_published_stands"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="publication",
            name="validated_at",
            field=models.DateTimeField(verbose_name="validated"),
        ),
        migrations.AlterField(
            model_name="publication",
            name="validated_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications_validated",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="publication",
            name="words_json",
            field=models.TextField(
                help_text="their findings and opinions, without evidence that is kept",
                verbose_name="what the experts say",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=("review", "number"), name="publications_of_a_review_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "superseded"]), _negated=True),
                    ("standing_publication__isnull", False),
                    _connector="OR",
                ),
                name="a_published_review_has_a_publication",
            ),
        ),
        migrations.RunPython(trigger.run(trigger.MAKE), trigger.run(trigger.DROP)),
    ]
