from django.db import migrations

# An entry may change only after its link says that it is erased, and a link only to say so. Deleting is not
# refused: the tests' and Django's own way of emptying a database deletes row by row on SQLite, and verifying
# finds what is gone. Later migrations that rebuild these tables on SQLite, auditlog's own included, drop the
# triggers and the index and must make them again; tests/apps/records/test_never_changes.py holds that they
# are there.
LINK_IS_ERASED_NOW = """OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.sequence = OLD.sequence
        AND NEW.entry_id IS NOT NULL AND NEW.entry_id = OLD.entry_id AND NEW.digest = OLD.digest
        AND NEW.previous = OLD.previous AND NEW.link_hash = OLD.link_hash AND NEW.sealed_at = OLD.sealed_at"""
ENTRY_IS_ERASED = """EXISTS (
            SELECT 1 FROM records_traillink WHERE entry_id = OLD.id AND erased_at IS NOT NULL
        )"""
MAKE = {
    "sqlite": [
        f"""CREATE TRIGGER records_entry_never_changes BEFORE UPDATE ON auditlog_logentry
        WHEN NOT {ENTRY_IS_ERASED}
        BEGIN SELECT RAISE(ABORT, 'An entry of the trail never changes.'); END""",
        f"""CREATE TRIGGER records_link_never_changes BEFORE UPDATE ON records_traillink
        WHEN NOT ({LINK_IS_ERASED_NOW})
        BEGIN SELECT RAISE(ABORT, 'A link of the trail never changes.'); END""",
        """CREATE INDEX records_entry_city ON auditlog_logentry
        (JSON_EXTRACT(additional_data, '$."city"'))""",
    ],
    "postgresql": [
        f"""CREATE FUNCTION records_refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NOT {ENTRY_IS_ERASED} THEN
            RAISE EXCEPTION 'An entry of the trail never changes.'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
        END $$""",
        f"""CREATE FUNCTION records_refuse_link() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NOT ({LINK_IS_ERASED_NOW}) THEN
            RAISE EXCEPTION 'A link of the trail never changes.'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
        END $$""",
        """CREATE TRIGGER records_entry_never_changes BEFORE UPDATE ON auditlog_logentry
        FOR EACH ROW EXECUTE FUNCTION records_refuse_entry()""",
        """CREATE TRIGGER records_link_never_changes BEFORE UPDATE ON records_traillink
        FOR EACH ROW EXECUTE FUNCTION records_refuse_link()""",
        "CREATE INDEX records_entry_city ON auditlog_logentry ((additional_data -> 'city'))",
    ],
}
DROP = {
    "sqlite": [
        "DROP INDEX records_entry_city",
        "DROP TRIGGER records_link_never_changes",
        "DROP TRIGGER records_entry_never_changes",
    ],
    "postgresql": [
        "DROP INDEX records_entry_city",
        "DROP TRIGGER records_link_never_changes ON records_traillink",
        "DROP TRIGGER records_entry_never_changes ON auditlog_logentry",
        "DROP FUNCTION records_refuse_link()",
        "DROP FUNCTION records_refuse_entry()",
    ],
}


def run(statements):
    def run_for_vendor(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run_for_vendor


class Migration(migrations.Migration):
    dependencies = [("records", "0001_outgoing_mail_and_links_of_the_trail")]
    operations = [migrations.RunPython(run(MAKE), run(DROP))]
