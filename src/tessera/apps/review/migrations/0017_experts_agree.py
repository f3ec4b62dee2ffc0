import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def note_when_returned(apps, schema_editor):
    """Of reviews that the city has now nobody wrote it down; what experts did last before comes nearest."""
    Review = apps.get_model("review", "Review")
    for review in Review.objects.filter(state="returned", returned_at=None):
        opened = review.opened_answers.aggregate(last=models.Max("opened_at"))["last"]
        asked = review.queries.aggregate(last=models.Max("asked_at"))["last"]
        review.returned_at = max(filter(None, (opened, asked)), default=review.submitted_at)
        review.save(update_fields=["returned_at"])


def let_joint_opinions_stand(apps, schema_editor):
    """Where the review is validated already, what two experts held together counted without a word of the
    other, who cannot give it any more."""
    Reconciliation = apps.get_model("review", "Reconciliation")
    judged = Reconciliation.objects.filter(
        review__state__in=["validated", "published", "superseded"], agreed_by=None
    )
    for joint in judged.select_related("review"):
        others = joint.review.opinions.filter(question=joint.question).exclude(expert=joint.written_by_id)
        other = others.order_by("pk").first()
        if other is not None:
            joint.agreed_by_id, joint.agreed_at = other.expert_id, joint.given_at
            joint.save(update_fields=["agreed_by", "agreed_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0016_published_evidence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reconciliation",
            name="agreed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="agreed on"),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="agreed_by",
            field=models.ForeignKey(
                blank=True,
                help_text="the other expert; empty until then",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reconciliations_agreed",
                to=settings.AUTH_USER_MODEL,
                verbose_name="agreed by",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="returned_at",
            field=models.DateTimeField(
                blank=True,
                help_text="when the experts first returned it to the city",
                null=True,
                verbose_name="returned",
            ),
        ),
        migrations.AddConstraint(
            model_name="reconciliation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at", None), ("agreed_by", None)),
                    models.Q(
                        ("agreed_at__isnull", False),
                        ("agreed_by__isnull", False),
                        models.Q(("agreed_by", models.F("written_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_joint_opinion_is_agreed_by_the_other_expert",
            ),
        ),
        migrations.RunPython(note_when_returned, migrations.RunPython.noop),
        migrations.RunPython(let_joint_opinions_stand, migrations.RunPython.noop),
    ]
