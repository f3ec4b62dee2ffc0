from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tessera.apps.network.local_text

trigger = import_module("tessera.apps.review.migrations.0002_a_publication_never_changes")


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0004_officer_goes"),
        ("review", "0010_experts_check_reviews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Every publication is given what it lacks in the next migration.
        migrations.RunPython(trigger.run(trigger.DROP), trigger.run(trigger.MAKE)),
        migrations.CreateModel(
            name="CityReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                ("written_at", models.DateTimeField(verbose_name="written on")),
            ],
            options={
                "verbose_name": "reply to a draft",
                "verbose_name_plural": "replies to drafts",
                "ordering": ["written_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shown_at", models.DateTimeField(verbose_name="shown on")),
                ("message", models.TextField(blank=True, verbose_name="message")),
                ("words_json", models.TextField(verbose_name="what the experts say")),
            ],
            options={
                "verbose_name": "draft of a report",
                "verbose_name_plural": "drafts of reports",
                "ordering": ["shown_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("strength", "strength"), ("gap", "gap"), ("priority", "priority")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", tessera.apps.network.local_text.LocalTextField(verbose_name="text")),
                (
                    "next_step",
                    tessera.apps.network.local_text.LocalTextField(
                        blank=True, null=True, verbose_name="suggested next step"
                    ),
                ),
                (
                    "place",
                    models.PositiveSmallIntegerField(help_text="1 for the most urgent", verbose_name="place"),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=1, help_text="how often the finding was saved", verbose_name="revision"
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="written on")),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["place", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FindingBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=60, verbose_name="area")),
                ("question", models.CharField(blank=True, max_length=60, verbose_name="question")),
            ],
            options={
                "verbose_name": "basis of a finding",
                "verbose_name_plural": "bases of findings",
                "ordering": ["pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="publication",
            options={
                "ordering": ["published_at", "pk"],
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="number",
            field=models.PositiveSmallIntegerField(
                default=1, help_text="1 for the first publication of the review", verbose_name="number"
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="validated_at",
            field=models.DateTimeField(null=True, verbose_name="validated"),
        ),
        migrations.AddField(
            model_name="publication",
            name="validated_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications_validated",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="words_json",
            field=models.TextField(
                null=True,
                help_text="their findings and opinions, without evidence that is kept",
                verbose_name="what the experts say",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="standing_publication",
            field=models.OneToOneField(
                blank=True,
                help_text="what the public reads now; empty before the first publication",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="review.publication",
                verbose_name="publication that stands",
            ),
        ),
        migrations.AlterField(
            model_name="publication",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="review.review"
            ),
        ),
        migrations.AddField(
            model_name="cityreply",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies_to_drafts",
                to=settings.AUTH_USER_MODEL,
                verbose_name="written by",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drafts",
                to="review.review",
                verbose_name="review",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="shown_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="drafts_shown",
                to=settings.AUTH_USER_MODEL,
                verbose_name="shown by",
            ),
        ),
        migrations.AddField(
            model_name="cityreply",
            name="draft",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="review.draft",
                verbose_name="draft",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="findings",
                to="review.review",
                verbose_name="review",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to=settings.AUTH_USER_MODEL,
                verbose_name="written by",
            ),
        ),
        migrations.AddField(
            model_name="findingbasis",
            name="evidence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="findings_resting_on_it",
                to="review.evidence",
                verbose_name="piece of evidence",
            ),
        ),
        migrations.AddField(
            model_name="findingbasis",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bases",
                to="review.finding",
                verbose_name="finding",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingbasis",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("area", ""), _negated=True), ("evidence__isnull", True), ("question", "")
                    ),
                    models.Q(
                        models.Q(("question", ""), _negated=True), ("area", ""), ("evidence__isnull", True)
                    ),
                    models.Q(("area", ""), ("evidence__isnull", False), ("question", "")),
                    _connector="OR",
                ),
                name="a_finding_rests_on_one_thing_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingbasis",
            constraint=models.UniqueConstraint(
                condition=models.Q(("evidence__isnull", True)),
                fields=("finding", "area", "question"),
                name="a_finding_rests_on_an_area_or_answer_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingbasis",
            constraint=models.UniqueConstraint(
                condition=models.Q(("evidence__isnull", False)),
                fields=("finding", "evidence"),
                name="a_finding_rests_on_a_piece_once",
            ),
        ),
    ]
