from django.db import migrations

# Later migrations that rebuild this table on SQLite drop its trigger and must make it again; a test
# (tests/apps/review/test_publish_review.py) holds that it is there.
MAKE = {
    "sqlite": [
        """CREATE TRIGGER review_publication_never_changes BEFORE UPDATE ON review_publication
        BEGIN SELECT RAISE(ABORT, 'A publication never changes.'); END"""
    ],
    "postgresql": [
        """CREATE FUNCTION review_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'A publication never changes.' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
        """CREATE TRIGGER review_publication_never_changes BEFORE UPDATE ON review_publication
        FOR EACH ROW EXECUTE FUNCTION review_refuse_change()""",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER review_publication_never_changes"],
    "postgresql": [
        "DROP TRIGGER review_publication_never_changes ON review_publication",
        "DROP FUNCTION review_refuse_change()",
    ],
}


def run(statements):
    def run_for_vendor(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run_for_vendor


class Migration(migrations.Migration):
    dependencies = [("review", "0001_reviews_and_publications")]
    operations = [migrations.RunPython(run(MAKE), run(DROP))]
