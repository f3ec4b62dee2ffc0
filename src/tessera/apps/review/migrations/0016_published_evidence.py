import json

from django.db import migrations


def fill(apps, schema_editor):
    """What older publications name as public evidence: links and quotations.

    No file of them: whoever published it read that its name becomes public, and no more.
    """
    pieces = apps.get_model("review", "Evidence").objects.filter(is_public=True).exclude(kind="file")
    published = apps.get_model("review", "PublishedPiece").objects
    for publication in apps.get_model("review", "Publication").objects.all():
        answered = json.loads(publication.sheet_json)["answers"]
        serving = pieces.filter(review=publication.review_id, uses__question__in=answered).distinct()
        published.bulk_create(
            published.model(
                publication=publication,
                evidence=piece,
                title=piece.title,
                dated_on=piece.dated_on,
                language=piece.language,
            )
            for piece in serving
        )


class Migration(migrations.Migration):
    dependencies = [("review", "0015_published_reviews_are_corrected")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
