from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

trigger = import_module("tessera.apps.review.migrations.0002_a_publication_never_changes")
# Functions of its own: the trigger of publications is dropped and made again with its function.
MAKE = {
    "sqlite": [
        """CREATE TRIGGER review_publishedpiece_never_changes BEFORE UPDATE ON review_publishedpiece
        BEGIN SELECT RAISE(ABORT, 'A published piece never changes.'); END"""
    ],
    "postgresql": [
        """CREATE FUNCTION review_refuse_change_of_piece() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'A published piece never changes.' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
        """CREATE TRIGGER review_publishedpiece_never_changes BEFORE UPDATE ON review_publishedpiece
        FOR EACH ROW EXECUTE FUNCTION review_refuse_change_of_piece()""",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER review_publishedpiece_never_changes"],
    "postgresql": [
        "DROP TRIGGER review_publishedpiece_never_changes ON review_publishedpiece",
        "DROP FUNCTION review_refuse_change_of_piece()",
    ],
}


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0004_officer_goes"),
        ("records", "0005_a_file_may_be_erased"),
        ("review", "0014_cities_agree_to_be_compared"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # SQLite makes the table anew for what is added, and loses the trigger.
        migrations.RunPython(trigger.run(trigger.DROP), trigger.run(trigger.MAKE)),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(help_text="anybody can read it", verbose_name="reason")),
                ("begun_at", models.DateTimeField(verbose_name="begun")),
                (
                    "content_hash_before",
                    models.CharField(
                        help_text="as they were when it was begun",
                        max_length=64,
                        verbose_name="mark of the answers before",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["begun_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PublishedPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="date of the source")),
                (
                    "language",
                    models.CharField(blank=True, max_length=8, verbose_name="language of the source"),
                ),
            ],
            options={
                "verbose_name": "published piece of evidence",
                "verbose_name_plural": "published evidence",
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="review",
            name="one_review_of_a_questionnaire_stands_for_a_city",
        ),
        migrations.AddField(
            model_name="evidence",
            name="withdrawal_reason",
            field=models.TextField(
                blank=True, help_text="anybody can read it", verbose_name="reason for the withdrawal"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="withdrawn_at",
            field=models.DateTimeField(
                blank=True,
                help_text="when a published file was taken from the public",
                null=True,
                verbose_name="withdrawn",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence_withdrawn",
                to=settings.AUTH_USER_MODEL,
                verbose_name="withdrawn by",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="note",
            field=models.TextField(
                blank=True,
                help_text="what a correction puts right; empty in the first publication",
                verbose_name="note",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawal_reason", ""), ("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(
                        ("kind", "file"),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawal_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_withdrawn_file_says_when_by_whom_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("standing_publication__isnull", False), models.Q(("state", "superseded"), _negated=True)
                ),
                fields=("city", "framework_id"),
                name="one_review_of_a_questionnaire_stands_for_a_city",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="begun_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections_begun",
                to=settings.AUTH_USER_MODEL,
                verbose_name="begun by",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="publication",
            field=models.OneToOneField(
                blank=True,
                help_text="empty where it was given up",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="review.publication",
                verbose_name="publication",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="corrections",
                to="review.review",
                verbose_name="review",
            ),
        ),
        migrations.AddField(
            model_name="publishedpiece",
            name="evidence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="published_as",
                to="review.evidence",
                verbose_name="piece of evidence",
            ),
        ),
        migrations.AddField(
            model_name="publishedpiece",
            name="publication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="published_pieces",
                to="review.publication",
                verbose_name="publication",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="pieces",
            field=models.ManyToManyField(
                related_name="publications",
                through="review.PublishedPiece",
                to="review.evidence",
                verbose_name="evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("note", ""), ("number", 1)),
                    models.Q(("number__gt", 1), models.Q(("note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_correction_says_what_it_puts_right",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("review",),
                name="a_review_has_one_correction_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_correction_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("publication", None), ("ended_at__isnull", False), _connector="OR"),
                name="a_published_correction_has_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedpiece",
            constraint=models.UniqueConstraint(
                fields=("publication", "evidence"), name="a_piece_is_published_once_in_a_publication"
            ),
        ),
        migrations.RunPython(trigger.run(trigger.MAKE), trigger.run(trigger.DROP)),
        migrations.RunPython(trigger.run(MAKE), trigger.run(DROP)),
    ]
