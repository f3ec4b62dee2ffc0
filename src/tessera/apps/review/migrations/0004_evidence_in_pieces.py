from collections import defaultdict

from django.db import migrations


def part(apps, schema_editor):
    """What stood beside an answer becomes a piece of evidence of its own, a line each."""
    answers = apps.get_model("review", "Answer").objects
    evidence = apps.get_model("review", "Evidence")
    use = apps.get_model("review", "EvidenceUse")
    pieces, uses = {}, []
    for answer in answers.exclude(evidence="").order_by("pk"):
        for line in filter(None, (" ".join(line.split()) for line in answer.evidence.splitlines())):
            key = (answer.review_id, answer.is_note_public, line)
            if key not in pieces:
                is_link = line.startswith(("https://", "http://")) and " " not in line and len(line) <= 500
                said = {"kind": "link", "url": line} if is_link else {"kind": "quotation", "text": line}
                pieces[key] = evidence(review_id=answer.review_id, is_public=answer.is_note_public, **said)
            uses.append(use(evidence=pieces[key], question=answer.question))
    evidence.objects.bulk_create(pieces.values())
    use.objects.bulk_create(uses)
    # A row that held evidence only says nothing any more.
    answers.filter(value=None, not_applicable=False, note="").delete()


def join(apps, schema_editor):
    """Titles, dates and languages of sources have no place beside an answer and are lost."""
    answers = apps.get_model("review", "Answer").objects
    uses = apps.get_model("review", "EvidenceUse").objects
    said = defaultdict(list)
    for use in uses.select_related("evidence").order_by("pk"):
        said[use.evidence.review_id, use.question].append(use.evidence.url or use.evidence.text)
    for (review, question), pieces in said.items():
        answer, _ = answers.get_or_create(review_id=review, question=question)
        answer.evidence = "\n".join(pieces)
        answer.save(update_fields=["evidence"])


class Migration(migrations.Migration):
    dependencies = [("review", "0003_a_review_is_filled_before_it_is_validated")]

    operations = [migrations.RunPython(part, join)]
