import pytest
from tests.apps.dialogue.elsewhere import POLIS, SHORT, write
from tests.builders import make_city
from tests.cli.running import tessera
from tests.people import make_officer

from tessera.apps.dialogue.models import Consultation

pytestmark = pytest.mark.django_db

GIVEN = {
    "--city": "riga",
    "--slug": "trams",
    "--as": "ILZE@example.org",
    "--language": "en",
    "--title": "Trams",
    "--attribution": "From pol.is/abc, CC BY 4.0",
}


@pytest.fixture
def riga():
    city = make_city("riga")
    make_officer("ilze", city)
    return city


def take_over(folder, *more, **changed):
    options = {**GIVEN, **{f"--{key.replace('_', '-').strip('-')}": value for key, value in changed.items()}}
    return tessera(
        "consultation", "import", folder, *(part for pair in options.items() for part in pair), *more
    )


def test_a_conversation_is_taken_over_and_said_where_it_is(riga, tmp_path):
    done = take_over(write(tmp_path, POLIS))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Trams is there, at /take-part/trams/: 3 people, 3 statements, 5 votes.\n"
    kept = Consultation.objects.get()
    assert (kept.city, kept.attribution, kept.invented) == (riga, "From pol.is/abc, CC BY 4.0", False)


def test_what_nobody_voted_is_marked_as_invented(riga, tmp_path):
    assert take_over(write(tmp_path, SHORT), "--invented", closed_on="2020-02-03").returncode == 0
    kept = Consultation.objects.get()
    assert (kept.invented, str(kept.closed_on)) == (True, "2020-02-03")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"city": "nowhere"}, "There is no city at 'nowhere'."),
        ({"as_": "nobody@example.org"}, "Nobody here has the address 'nobody@example.org'."),
        ({"as_": "chiara@example.org"}, "does not act for"),
        ({"language": "zh"}, "There are no pages in 'zh'"),
    ],
)
def test_what_is_wrong_is_said_in_words(riga, tmp_path, changed, words):
    make_officer("chiara", make_city("ravenna", country="IT"))
    done = take_over(write(tmp_path, POLIS), **changed)
    assert done.returncode == 2
    assert words in done.stderr
    assert not Consultation.objects.exists()


def test_an_address_that_is_taken_is_refused(riga, tmp_path):
    take_over(write(tmp_path, POLIS))
    done = take_over(tmp_path)
    assert (done.returncode, done.stderr) == (2, "There is a consultation at 'trams' already.\n")


def test_files_that_are_not_in_order_are_named(riga, tmp_path):
    done = take_over(write(tmp_path, {**POLIS, "votes.csv": "comment-id,voter-id,vote\n2,4,yes\n"}))
    assert done.returncode == 2
    assert done.stderr.startswith("votes.csv, row 2, column vote: 'yes' was found")
