from django.db import migrations

# What experts said was not part of a publication before.
NOTHING = '{"findings":[],"opinions":[]}'


def fill(apps, schema_editor):
    for publication in apps.get_model("review", "Publication").objects.select_related("review"):
        review = publication.review
        publication.validated_by_id, publication.validated_at = review.validated_by_id, review.validated_at
        publication.words_json = NOTHING
        publication.save()
        review.standing_publication = publication
        review.save()


class Migration(migrations.Migration):
    dependencies = [("review", "0011_experts_conclude")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
