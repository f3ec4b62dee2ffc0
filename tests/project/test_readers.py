import pytest
from django.core.exceptions import ImproperlyConfigured

from tessera.project import settings


@pytest.mark.parametrize(("written", "read"), [("true", True), ("false", False)])
def test_a_switch_is_exactly_true_or_false(monkeypatch, written, read):
    monkeypatch.setenv("TESSERA_DEBUG", written)
    assert settings.read_bool("TESSERA_DEBUG") is read


@pytest.mark.parametrize("written", ["True", "1", "yes", "on", "", " true"])
def test_any_other_word_for_a_switch_is_refused_by_name(monkeypatch, written):
    monkeypatch.setenv("TESSERA_DEBUG", written)
    with pytest.raises(ImproperlyConfigured, match=r"TESSERA_DEBUG is .* Write exactly 'true' or 'false'"):
        settings.read_bool("TESSERA_DEBUG")


def test_a_switch_that_is_absent_is_off(monkeypatch):
    monkeypatch.delenv("TESSERA_DEBUG", raising=False)
    assert settings.read_bool("TESSERA_DEBUG") is False


def test_a_list_is_parted_at_commas(monkeypatch):
    monkeypatch.setenv("TESSERA_ALLOWED_HOSTS", "tessera.example.org, www.example.org,")
    assert settings.read_list("TESSERA_ALLOWED_HOSTS", []) == ["tessera.example.org", "www.example.org"]


def test_a_relative_folder_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("TESSERA_DATA_DIR", "data")
    with pytest.raises(ImproperlyConfigured, match="TESSERA_DATA_DIR is 'data'"):
        settings.read_path("TESSERA_DATA_DIR", tmp_path)


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.delenv("TESSERA_SECRET_KEY")
    monkeypatch.setenv("TESSERA_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert settings.read_secret("TESSERA_SECRET_KEY") == "from the file"


def test_a_secret_given_twice_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("TESSERA_SECRET_KEY", "one")
    monkeypatch.setenv("TESSERA_SECRET_KEY_FILE", str(tmp_path / "two"))
    with pytest.raises(ImproperlyConfigured, match="Both TESSERA_SECRET_KEY and TESSERA_SECRET_KEY_FILE"):
        settings.read_secret("TESSERA_SECRET_KEY")


def test_a_secret_file_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("TESSERA_SECRET_KEY")
    monkeypatch.setenv("TESSERA_SECRET_KEY_FILE", str(tmp_path / "gone"))
    with pytest.raises(ImproperlyConfigured, match=r"TESSERA_SECRET_KEY_FILE names .*gone.* cannot be read"):
        settings.read_secret("TESSERA_SECRET_KEY")


def test_several_secrets_are_parted_at_commas_or_line_ends(monkeypatch, tmp_path):
    monkeypatch.setenv("TESSERA_SECRET_KEY_FALLBACKS", "one, two,")
    assert settings.read_secrets("TESSERA_SECRET_KEY_FALLBACKS") == ["one", "two"]
    monkeypatch.delenv("TESSERA_SECRET_KEY_FALLBACKS")
    assert settings.read_secrets("TESSERA_SECRET_KEY_FALLBACKS") == []
    (tmp_path / "keys").write_text("one\ntwo\n")
    monkeypatch.setenv("TESSERA_SECRET_KEY_FALLBACKS_FILE", str(tmp_path / "keys"))
    assert settings.read_secrets("TESSERA_SECRET_KEY_FALLBACKS") == ["one", "two"]


def test_sqlite_writes_ahead_and_locks_at_the_start_of_a_transaction(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////var/lib/tessera/tessera.sqlite3")
    database = settings.read_database("DATABASE_URL", "")
    assert database["NAME"] == "/var/lib/tessera/tessera.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_postgresql_is_given_by_its_address(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://tessera:p%40ss@db.example.org:5433/network")
    database = settings.read_database("DATABASE_URL", "")
    assert database["ENGINE"] == "tessera.project.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", 5433, "network")
    assert (database["USER"], database["PASSWORD"]) == ("tessera", "p@ss")


def test_the_way_to_postgresql_is_tried_for_three_seconds_or_as_long_as_the_address_says(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example.org/network?sslmode=require")
    database = settings.read_database("DATABASE_URL", "")
    assert database["OPTIONS"] == {"connect_timeout": 3, "sslmode": "require"}
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example.org/network?connect_timeout=9")
    assert settings.read_database("DATABASE_URL", "")["OPTIONS"] == {"connect_timeout": 9}


def test_another_kind_of_database_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere/network")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must begin with sqlite:// or postgres://"):
        settings.read_database("DATABASE_URL", "")
