"""What anybody reads of a consultation that is over: a page, a file and a print."""

import io
import re
from datetime import date

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html
from tests.apps.dialogue.asking_about_oneself import hold_asking, join, value_of
from tests.apps.dialogue.finished import finish, hold_evening, people_of
from tests.apps.dialogue.staff import page_of
from tests.builders import make_city
from tests.dialogues import hold_consultation, words
from tests.people import make_person
from tests.reports.landscape.evening import camps
from tests.reports.read_pdf import without_blanks

from tessera.apps.dialogue.actions.about_oneself import state_population
from tessera.apps.dialogue.actions.moderation import hide_statement, translate_statement
from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.jobs import publish_tables
from tessera.apps.dialogue.landscapes import refresh_landscape
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Channel, Choice, Consultation, HidingReason, Translation

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def nothing_is_kept(settings, tmp_path):
    """What another test printed is not what this one asks about."""
    drawings = {**settings.CACHES["drawings"], "LOCATION": tmp_path}
    settings.CACHES = {**settings.CACHES, "drawings": drawings}


def address(consultation, file="", language="en"):
    return f"/{language}/consultations/{consultation.slug}/{file}"


def read(client, consultation, language="en"):
    """The words in the middle of the page, in one line."""
    response = client.get(address(consultation, language=language))
    assert response.status_code == 200
    [main] = html.document_fromstring(response.content.decode()).xpath("//main")
    return " ".join(" ".join(main.itertext()).split())


def test_it_says_who_took_part_and_what_most_agree_on(client):
    page = read(client, hold_evening())

    assert "People who took part" in page
    assert "Words of statement 6" in page
    assert "32 of 32 agree: 100% (95% interval: 89% to 100%). Pass: 0. Disagree: 0." in page


def test_the_map_stands_with_a_sentence_and_a_table(client):
    page = client.get(address(hold_evening())).content.decode()

    root = html.document_fromstring(page)
    assert len(root.xpath("//figure//*[local-name()='svg']")) == 2
    [table] = root.xpath("//figure//table")
    assert [cell.text for cell in table.xpath(".//tbody/tr[1]/td")] == ["20", "63%", "45%–77%"]
    assert "There are 2 groups." in page


def test_while_it_is_open_it_says_when_the_results_come_and_shows_no_figure(client):
    consultation = hold_consultation()
    people_of(consultation, [row[:5] for row in camps()])
    assert refresh_landscape(consultation, consultation.last_day)

    page = read(client, consultation)

    assert "People can still take part" in page
    assert "The results come here when it is closed" in page
    assert "%" not in page
    assert "32" not in page
    assert "course" not in page


@pytest.mark.parametrize("file", ["report.html", "report.pdf"])
def test_while_it_is_open_there_are_no_files(client, file):
    assert client.get(address(hold_consultation(), file)).status_code == 404


@pytest.mark.parametrize("file", ["", "report.html", "report.pdf"])
def test_one_that_is_being_prepared_is_nobodys_to_see(client, file):
    assert client.get(address(hold_consultation(state=State.DRAFT), file)).status_code == 404


def test_before_the_votes_are_counted_it_says_so(client):
    page = read(client, hold_consultation(state=State.CLOSED))

    assert "The votes are being counted" in page


def test_what_was_found_while_it_was_open_is_not_shown_when_it_is_closed(client):
    consultation = hold_consultation()
    people_of(consultation, [row[:5] for row in camps()])
    assert refresh_landscape(consultation, consultation.last_day)
    close_consultation(by=make_person("ilze"), consultation=consultation, reason="Enough.", at=timezone.now())

    page = read(client, consultation)

    assert "The votes are being counted" in page
    assert "%" not in page


def test_of_fewer_than_ten_people_nothing_is_shown_and_it_says_why(client):
    consultation = hold_evening(camps(5, 4))

    page = read(client, consultation)

    assert "Fewer than 10 people voted" in page
    assert "Words of statement" not in page
    assert client.get(address(consultation, "report.pdf")).status_code == 404


def test_of_twelve_of_whom_nine_withdrew_nothing_is_shown_either(client):
    consultation = hold_consultation()
    people = people_of(consultation, [row[:5] for row in camps(6, 6)])
    assert refresh_landscape(consultation, consultation.last_day)
    for person in people[:9]:
        person.delete()

    page = read(client, finish(consultation))

    assert "Fewer than 10 people voted" in page
    assert "12" not in page


def test_what_was_hidden_since_is_on_no_page_and_in_no_file(client):
    consultation = hold_evening()
    for file in ("", "report.html", "report.pdf"):
        client.get(address(consultation, file))
    statement = consultation.statements.get(text="Words of statement 6")
    assert "Words of statement 6" in read(client, consultation)

    hide_statement(
        by=make_person("ilze"), statement=statement, reason=HidingReason.HOSTILE, at=timezone.now()
    )

    assert "Words of statement 6" not in read(client, consultation)
    assert "1 statement of this list was taken out after the votes were counted." in read(
        client, consultation
    )
    assert b"Words of statement 6" not in client.get(address(consultation, "report.html")).content


def test_a_page_is_kept_by_nobody_for_longer_than_half_a_minute(client):
    # Whatever is hidden must be gone everywhere within a minute.
    consultation = hold_evening()
    for file in ("", "report.html", "report.pdf"):
        kept = client.get(address(consultation, file))["Cache-Control"]
        assert int(re.search(r"max-age=(\d+)", kept)[1]) <= 30


def test_statements_stand_in_the_language_of_the_page_where_a_person_put_them_into_it(client):
    consultation = hold_evening(languages=("en", "lv"))
    statement = consultation.statements.get(text="Words of statement 6")
    translate_statement(
        by=make_person("ilze"), statement=statement, texts={"lv": "Sestie vārdi"}, at=timezone.now()
    )

    page = read(client, consultation, "lv")

    assert "Sestie vārdi" in page
    assert "Words of statement 0" in page
    assert "Sestie vārdi" not in read(client, consultation, "en")


def test_the_words_of_a_machine_are_not_quoted(client):
    consultation = hold_evening(languages=("en", "lv"))
    statement = consultation.statements.get(text="Words of statement 6")
    Translation.objects.create(
        statement=statement,
        language="lv",
        text="Mašīnas vārdi",
        source_digest=statement.digest,
        machine="A program",
    )

    page = read(client, consultation, "lv")

    assert "Words of statement 6" in page
    assert "Mašīnas vārdi" not in page


def test_it_says_how_people_came_and_how_sure_it_is_that_each_is_one(client):
    page = read(client, hold_evening(channels=[Channel.OWN_LINK] * 12))

    assert "Open link: 20 people Least sure: whoever had the address could take part." in page
    assert "Link for one person: 12 people Surer: each link let one person take part once." in page
    assert "Nobody was checked against a list of residents" in page


def test_paper_and_facilitators_stand_among_the_ways_on_the_page_and_in_the_files(client):
    consultation = hold_evening(channels=[Channel.PAPER] * 11 + [Channel.ASSISTED] * 10)
    page = read(client, consultation)

    assert "Sheet of paper: 11 people Surer: each sheet was printed for one person" in page
    assert "With a facilitator: 10 people Surer: a facilitator sat beside each person" in page
    assert "Open link: 11 people" in page
    file = client.get(address(consultation, "report.html")).content.decode()
    assert "Sheet of paper: 11 people" in file


def test_a_channel_of_few_people_is_not_shown_nor_is_the_one_that_would_give_it_away(client):
    page = read(client, hold_evening(channels=[Channel.OWN_LINK] * 9))

    assert "Open link: not shown" in page
    assert "Link for one person: not shown" in page
    assert "23 people" not in page
    assert "9 people" not in page


def test_votes_that_were_taken_over_stand_with_their_origin_and_licence(client):
    consultation = hold_evening(channels=[Channel.IMPORTED] * 32)
    Consultation.objects.update(attribution="Data of the City Lab, CC BY 4.0")

    page = read(client, consultation)

    assert "taken over from elsewhere Data of the City Lab, CC BY 4.0" in page
    assert "Taken over from elsewhere: 32 people Not known here" in page
    assert "Nobody was checked" not in page
    file = client.get(address(consultation, "report.html")).content.decode()
    assert "Data of the City Lab, CC BY 4.0" in file


def test_an_invented_one_says_so_on_its_page_and_in_its_file(client):
    consultation = hold_evening()

    assert "The people, their votes and their words are invented" in read(client, consultation)
    assert b"words are invented" in client.get(address(consultation, "report.html")).content

    Consultation.objects.update(invented=False)

    assert "invented" not in read(client, consultation)
    assert b"words are invented" not in client.get(address(consultation, "report.html")).content


def test_the_print_tells_the_same_in_a_tagged_file(client, read_print):
    response = client.get(address(hold_evening(), "report.pdf", "lv"))

    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "lv"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    assert "Words of statement 6" in read_print(response.content)


def test_a_file_that_somebody_has_is_not_sent_again(client):
    consultation = hold_evening()
    first = client.get(address(consultation, "report.pdf"))

    again = client.get(address(consultation, "report.pdf"), headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_print_is_made_once(client, monkeypatch):
    consultation = hold_evening()
    first = client.get(address(consultation, "report.pdf")).content

    def refuse(report):
        raise AssertionError("made again")

    monkeypatch.setattr("tessera.apps.dialogue.results.print_landscape", refuse)

    assert client.get(address(consultation, "report.pdf")).content == first


def test_the_city_leads_to_the_results_of_what_is_over_and_of_nothing_else(client):
    riga = make_city()
    hold_evening(city=riga, slug="over")
    hold_consultation(riga, slug="running")

    page = client.get("/en/cities/riga/").content.decode()

    assert "/en/consultations/over/" in page
    assert "/en/consultations/running/" not in page


def test_sixty_statements_of_many_people_ask_the_database_as_often_as_twelve(client):
    riga, counts = make_city(), []
    for number, people in ((12, 12), (60, 150)):
        rows = [[1 if (place + person) % 3 else -1 for place in range(number)] for person in range(people)]
        consultation = hold_evening(rows, city=riga, slug=f"with-{number}", languages=("en", "lv"))
        counts.append({})
        for file in ("", "report.html", "report.pdf"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address(consultation, file, "lv")).status_code == 200
            counts[-1][file] = len(asked)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= MOST_QUERIES, counts[1]


def hold_asked(*, keys=("gender",), slug="asked", city=None, statements=12):
    """65 women, 30 men and 5 who are neither among those who said; of the residents 50 %, 45 % and 5 %."""
    seeds = [f"Words of statement {place}" for place in range(statements)]
    consultation = hold_asking(city or make_city(), keys=keys, slug=slug, seeds=seeds, languages=("en", "lv"))
    ilze = make_person("ilze")
    residents = {"woman": 500, "man": 450, "other": 50}
    state_population(
        by=ilze,
        consultation=consultation,
        pk=consultation.attributes.get(key="gender").pk,
        residents={value_of(consultation, "gender", key).pk: count for key, count in residents.items()},
        source="City register",
        counted_on=date(2026, 1, 1),
        at=timezone.now(),
    )
    votes = dict.fromkeys(consultation.statements.all(), Choice.AGREE)
    for gender, count in (("woman", 65), ("man", 30), ("other", 5)):
        join(consultation, count, votes=votes, gender=gender)
    join(consultation, 20, votes=votes)
    return consultation


def publish(consultation):
    """Close it, count the votes, and make the tables public for good."""
    finished = finish(consultation)
    publish_tables(finished.closed_on)
    return finished


# Who is neither, and who said nothing, is hidden: shares are of 95 people at least, and of 120 at most.
MEN = "Man 30 25%–32% 450 45% −13"
WOMEN = "Woman 65 54%–68% 500 50% +4"
NEITHER = "Neither of these not shown not shown 50 5%"


def test_who_took_part_stands_beside_the_city_and_the_missing_come_first(client):
    page = read(client, publish(hold_asked()))

    assert f"{MEN} {WOMEN} {NEITHER}" in page
    assert "Missing most, compared with the city: Man (−13 percentage points)." in page
    assert "How many people answered this is not shown." in page
    assert "a share lies between two figures" in page
    assert "Residents: City register, 1 January 2026." in page


def test_so_it_stands_in_the_file_and_in_print(client, read_print):
    consultation = publish(hold_asked())

    file = html.document_fromstring(client.get(address(consultation, "report.html")).content.decode())
    printed = without_blanks(read_print(client.get(address(consultation, "report.pdf")).content))

    assert MEN in " ".join(" ".join(file.itertext()).split())
    for figures in (MEN, WOMEN, NEITHER):
        assert without_blanks(figures) in printed


def test_staff_read_the_same_figures_as_everybody(client):
    consultation = publish(hold_asked())
    page = read(client, consultation)
    staff = html.document_fromstring(page_of("ilze", reverse("dialogue:who", args=[consultation.pk])))
    shown = [[" ".join(cell.text_content().split()) for cell in row] for row in staff.xpath("//tbody/tr")]

    assert shown[0] == ["Man", "30", "25%–32%", "45%", "−13"]
    assert shown[1] == ["Woman", "65", "54%–68%", "50%", "+4"]
    for row in shown[:2]:
        assert all(figure in page for figure in row)


def test_tables_of_before_the_end_are_in_no_report(client):
    consultation = hold_asked()
    publish_tables(timezone.localdate())
    finished = finish(consultation)

    assert "It is not known which groups of the city are missing" in read(client, finished)
    assert "Woman" not in read(client, finished)


def test_words_about_oneself_stand_in_the_language_of_the_page(client):
    consultation = publish(hold_asked())

    page = client.get(address(consultation, language="lv")).content.decode()

    [table] = html.document_fromstring(page).xpath("//section[@id='took-part']//table")
    assert [label.text for label in table.xpath(".//tbody//th")] == [
        "Vīrietis",
        "Sieviete",
        "Neviens no šiem",
    ]
    assert not table.xpath(".//*[@lang]")


def test_words_that_nobody_put_into_it_say_in_which_language_they_stand(client):
    consultation = publish(hold_asked())
    value = value_of(consultation, "gender", "man")
    value.label = words("Man")
    value.save()

    page = client.get(address(consultation, language="lv")).content.decode()

    [table] = html.document_fromstring(page).xpath("//section[@id='took-part']//table")
    assert [(each.get("lang"), each.text) for each in table.xpath(".//*[@lang]")] == [("en", "Man")]


def test_sixty_statements_with_questions_about_oneself_ask_as_often_as_twelve_with_one(client):
    riga, counts = make_city(), []
    for number, keys in ((12, ("gender",)), (60, ("age", "gender", "years", "born"))):
        consultation = publish(hold_asked(keys=keys, slug=f"with-{number}", city=riga, statements=number))
        counts.append({})
        for file in ("", "report.html", "report.pdf"):
            with CaptureQueriesContext(connection) as asked:
                response = client.get(address(consultation, file, "lv"))
            assert response.status_code == 200
            counts[-1][file] = len(asked)
        assert "Vīrietis" in client.get(address(consultation, language="lv")).content.decode()
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= MOST_QUERIES, counts[1]
