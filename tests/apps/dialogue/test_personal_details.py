"""What looks like a personal detail in a statement. Every person, number and address here is invented.

Personal numbers are those that the states print as specimens, or made up in their shape.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.apps.dialogue.personal_details import DetailKind, find_personal_details


def found(text, language="en"):
    return [
        (detail.kind.value, text[detail.start : detail.end])
        for detail in find_personal_details(text, language)
    ]


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Write to anna.kalnina@example.lv, please", "anna.kalnina@example.lv"),
        ("Mans e-pasts: a_b+c@pasts.example.org.", "a_b+c@pasts.example.org"),
        ("пишіть на олена@приклад.укр", "олена@приклад.укр"),
        ("anna (at) example.com", "anna (at) example.com"),
        ("راسلوني على nour@example.com", "nour@example.com"),
    ],
)
def test_an_email_address_is_found(text, email):
    assert found(text) == [("email", email)]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("Zvaniet +371 29 123 456!", "+371 29 123 456"),
        ("Zvaniet 29123456 vakarā", "29123456"),
        ("Zvaniet 2912 3456.", "2912 3456"),
        ("tālr. 67-12-34-56", "67-12-34-56"),
        ("Zvaniet 37129123456", "37129123456"),
        ("Sunați la 0040 722 123 456", "0040 722 123 456"),
        ("Sunați la 0722.123.456", "0722.123.456"),
        ("Zadzwoń: 501 234 567", "501 234 567"),
        ("Zadzwoń: 501-234-567", "501-234-567"),
        ("tel. 22 123 45 67", "22 123 45 67"),
        ("Llame al 612 34 56 78", "612 34 56 78"),
        ("Chiami il 347 123 4567", "347 123 4567"),
        ("Ruf an: 0171/1234567", "0171/1234567"),
        ("Ruf an: +49 (0)171 123 45 67", "+49 (0)171 123 45 67"),
        ("Ring 070-123 45 67", "070-123 45 67"),
        ("Дзвоніть (067) 123-45-67", "(067) 123-45-67"),
        ("Дзвоніть +38\u00a0067\u00a0123\u00a045\u00a067", "+38\u00a0067\u00a0123\u00a045\u00a067"),
        ("اتصلوا على ٠٩٤٤١٢٣٤٥٦", "٠٩٤٤١٢٣٤٥٦"),
        ("اتصلوا على \u200e+٣٧١ ٢٩ ١٢٣ ٤٥٦", "+٣٧١ ٢٩ ١٢٣ ٤٥٦"),
        ("In 2024 501 234 567 was my number", "501 234 567"),
        ("Open 10.00-18.00, 29123456", "29123456"),
    ],
)
def test_a_phone_number_is_found_as_people_write_it(text, phone):
    assert [(kind, part.lstrip("(")) for kind, part in found(text)] == [("phone", phone.lstrip("("))]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://example.org/page?x=1.", "https://example.org/page?x=1"),
        ("See (www.example.org)", "www.example.org"),
        ("skatiet piemers.lv, tur ir viss", "piemers.lv"),
        ("mein Kanal: t.me/invented", "t.me/invented"),
        ("find me: @anna_example", "@anna_example"),
        ("дивіться приклад.укр", "приклад.укр"),
    ],
)
def test_a_link_or_a_name_on_the_web_is_found(text, link):
    assert found(text) == [("link", link)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Es dzīvoju Brīvības ielā 12-4, tur ir troksnis", "Brīvības ielā 12-4"),
        ("Vai zini, ka Krišjāņa Barona iela 5a ir tumša?", "Krišjāņa Barona iela 5a"),
        ("Bri\u0304vi\u0304bas iela 12 ir tumša", "Bri\u0304vi\u0304bas iela 12"),
        ("LV-1010", "LV-1010"),
        ("Mieszkam na ul. Krakowskiej 5 m. 3 w Lublinie", "ul. Krakowskiej 5 m. 3"),
        ("Mieszkam na ul. krakowskiej 5/3", "ul. krakowskiej 5/3"),
        ("przy ulicy Jana Pawła 10", "ulicy Jana Pawła 10"),
        ("Ich wohne in der Hauptstraße 12a", "Hauptstraße 12a"),
        ("Ich wohne in der Berliner Str. 7", "Berliner Str. 7"),
        ("Vivo en la calle Mayor 3", "calle Mayor 3"),
        ("Vivo en la Calle de la Rosa, nº 14", "Calle de la Rosa, nº 14"),
        ("Abito in Via Roma 10", "Via Roma 10"),
        ("Abito in via Guglielmo Marconi, n. 4", "via Guglielmo Marconi, n. 4"),
        ("Locuiesc pe Str. Unirii nr. 5", "Str. Unirii nr. 5"),
        ("Locuiesc pe Bulevardul Decebal 21", "Bulevardul Decebal 21"),
        ("Jag bor på Storgatan 5", "Storgatan 5"),
        ("Я живу на вул. Шевченка, 10", "вул. Шевченка, 10"),
        ("Я живу на вулиці Лесі Українки 10", "вулиці Лесі Українки 10"),
        ("أسكن في شارع الحرية 12", "شارع الحرية 12"),
        ("أسكن في شارع الحرية رقم ١٢", "شارع الحرية رقم ١٢"),
        ("I live at 12 Baker Street", "12 Baker Street"),
        ("I live in Brivibas street 12", "Brivibas street 12"),
    ],
)
def test_a_street_with_the_number_of_a_house_is_found(text, address):
    assert found(text) == [("address", address)]


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("Auto AB-1234 stāv uz ietves", "AB-1234"),
        ("Samochód LU 12345 parkuje tu", "LU 12345"),
        ("Samochód WA 5AB12 parkuje tu", "WA 5AB12"),
        ("Das Auto B-AB 1234 parkt hier", "B-AB 1234"),
        ("El coche 1234 BCD aparca aquí", "1234 BCD"),
        ("La macchina AB 123 CD è qui", "AB 123 CD"),
        ("Mașina CJ 12 ABC e aici", "CJ 12 ABC"),
        ("Bilen ABC 12D står här", "ABC 12D"),
        ("Машина АА 1234 ВС стоїть тут", "АА 1234 ВС"),
        ("The car AB12 CDE is always here", "AB12 CDE"),
    ],
)
def test_the_plate_of_a_vehicle_is_found(text, plate):
    assert found(text) == [("plate", plate)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Mans kods 161175-19997", "161175-19997"),
        ("Mans kods 32345678901 ir", "32345678901"),
        ("Mans kods 329999-12345", "329999-12345"),
        ("CNP 1800101221144", "1800101221144"),
        ("personnummer 811228-9874", "811228-9874"),
        ("personnummer 19811228-9874", "19811228-9874"),
        ("PESEL 44051401359", "44051401359"),
        ("PESEL 02270812345", "02270812345"),  # born in 2002: 20 is added to the month
        ("DNI 12345678Z", "12345678Z"),
        ("DNI 12.345.678-Z", "12.345.678-Z"),
        ("NIE X1234567L", "X1234567L"),
        ("ІПН 3184710691", "3184710691"),
        ("codice RSSMRA85T10A562S", "RSSMRA85T10A562S"),
        ("رقمي ٤٤٠٥١٤٠١٣٥٩", "٤٤٠٥١٤٠١٣٥٩"),
    ],
)
def test_a_personal_number_is_found(text, number):
    assert found(text) == [("personal_number", number)]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "The teacher Rasa Petrauskas helps everyone", "Rasa Petrauskas"),
        (
            "en",
            "Maria Lopes helped me a lot",
            "Maria Lopes",
        ),  # at the start of a sentence, a common given name
        ("en", "Thanks to Mr. Brown for this", "Mr. Brown"),
        ("en", "Thanks to Mr J. Brown", "Mr J. Brown"),
        ("en", "My neighbour Omar al-Khatib is always loud", "Omar al-Khatib"),
        ("en", "My neighbour Sean O'Brien is loud", "Sean O'Brien"),
        ("en", "Ask mayor Anna Kowalska about it", "Anna Kowalska"),
        ("lv", "Paldies Bērziņa kungam par palīdzību", "Bērziņa kungam"),
        ("lv", "Ozoliņas kundze vienmēr palīdz", "Ozoliņas kundze"),
        ("lv", "Man palīdz skolotāja Zane Priede", "Zane Priede"),
        ("lv", "Zane Kalniņa man palīdz", "Zane Kalniņa"),  # at the start, by the ending
        ("lv", "Man palīdz A. Kalniņa no skolas", "A. Kalniņa"),
        ("de", "Danke an Frau Müller vom Amt", "Frau Müller"),
        ("de", "Herr Dr. Schmidt hilft", "Dr. Schmidt"),
        ("es", "Gracias a la señora Vega por todo", "señora Vega"),
        ("es", "Mi vecino Pablo Ruiz grita", "Pablo Ruiz"),
        ("it", "Il sig. Bianchi mi aiuta", "sig. Bianchi"),
        ("it", "Grazie alla sig.ra Verdi", "ra Verdi"),
        ("it", "La mia vicina Elisa Bruni urla", "Elisa Bruni"),
        ("pl", "Dziękuję pani Zofii za pomoc", "pani Zofii"),
        ("pl", "Sąsiad Marek Lis hałasuje", "Marek Lis"),
        ("ro", "Mulțumesc, doamna Stan!", "doamna Stan"),
        ("ro", "Îl cunosc pe dl. Radu", "dl. Radu"),
        ("sv", "Tack till fru Holm för allt", "fru Holm"),
        ("sv", "Min granne Nils Ek är snäll", "Nils Ek"),
        ("uk", "Дякую пані Ганні за допомогу", "пані Ганні"),
        ("uk", "Моя сусідка Леся Мельник допомагає", "Леся Мельник"),
        ("uk", "Богдан Коваленко допомагає нам", "Богдан Коваленко"),
        ("ar", "أشكر السيدة ليلى على المساعدة", "السيدة ليلى"),
        ("lt", "Mano kaimynas Jonas Vilkas padeda", "Jonas Vilkas"),
    ],
)
def test_what_is_likely_the_name_of_a_person_is_found(language, text, name):
    assert found(text, language) == [("name", name)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # numbers
        ("en", "Since 2015, and again in 2019-2024, nothing changed."),
        ("en", "From 2015-2020 25 000 people came, 20 000 000 EUR were spent."),
        ("en", "On 12.05.2024 at 18.00, or 2024-05-12"),
        ("en", "Open 08.00-12.00 13.00-17.00 every day"),
        ("en", "A flat costs 1 200 EUR, 123 456 789 euros in all, or 28 123 456 € a year"),
        ("en", "Bus 22 and tram 11 run at 10.30, 24/7, in 100% of cases. Call 112."),
        ("en", "After COVID-19 I need B1-B2 or A2 level, in under 90 days."),
        ("en", "We have 140 houses, 5 schools, 3 streets and 12 parks"),
        ("en", "Article 12 of directive EU-2023, ISO 9001"),
        ("en", "MORE BUS 123 AND TRAM 456 PLEASE"),
        ("en", "It costs PLN 12345 or 1000 PLN or EUR 100"),
        ("en", "A billion is 1000000000, and 20 000 000 of us live here in groups 01 02 03"),
        ("en", "In 2023 GDP fell; see NR-2023, EU-1612 and UN-1325"),
        # what is no address
        ("en", "Meet at 5 @ the park... e.g. in May.It is nice."),
        ("en", "There are 5 Old Town cafés"),
        ("lv", "Mūsu ielā 3 mājas ir tukšas, Brīvības ielā 20 minūtes jāgaida"),
        ("de", "Mein Arbeitsweg 30 Minuten, der Schulweg 2 km"),
        ("es", "En mi calle hay 3 bares"),
        ("it", "La lezione via Zoom 30 minuti"),
        ("pl", "Na mojej ulicy jest 5 lamp"),
        ("sv", "Storgatan 5 minuter bort"),
        ("uk", "На вулиці Шевченка 10 хвилин чекаю"),
        ("ar", "أعيش في شارع قريب منذ 12 سنة"),
        ("ar", "في كل شارع في المدينة 12 شجرة"),
        # what is no name
        ("en", "I like the Jana Skala Park, and the campaign Clean Air Makes Happy Families Today"),
        ("en", "I'd like the Riga City Council and the Red Cross to meet in Old Town. In Latvia I can."),
        ("en", "The European Union and the United Kingdom. Happy New Year!"),
        ("en", "We Need More Parks For Our Children"),
        ("en", "Dear Mr Mayor, Mr President"),
        ("en", "I miss Riga and MS Teams"),
        ("en", "On Monday Riga was nice; in Riga Ukrainians are welcome"),
        ("lv", "Lūdzu, lai Rīgas dome un Krišjāņa Barona iela būtu tīra"),
        ("lv", "Cienījamais kungs! Mēra kungs, palīdziet. Kāda kundze teica."),
        ("de", "Als Frau Arbeit zu finden, ist in Deutschland Schwerstarbeit. Die Soziale Arbeit hilft."),
        ("es", "La Cruz Roja y el Ayuntamiento de Madrid. Compro pan en la Calle Mayor."),
        ("it", "La Croce Rossa e il Comune di Ravenna aiutano"),
        ("pl", "Proszę, żeby Urząd Miasta Lublin i Czerwony Krzyż pomogły. Czy pan pomoże? Pani Prezydent!"),
        ("pl", "Szkoła im. Adama Mickiewicza jest dobra"),
        ("ro", "Vreau ca Primăria Iași și Crucea Roșie să ajute"),
        ("sv", "Jag vill att Röda Korset och Malmö Kommun hjälper"),
        ("uk", "Хочу, щоб Червоний Хрест і Київська Міська Рада допомогли. Пані Президент!"),
        ("ar", "السيد الرئيس، نريد دروس اللغة في المساء"),
        ("", ""),
    ],
)
def test_near_misses_are_left_alone(language, text):
    assert found(text, language) == []


def test_details_come_in_the_order_of_the_text_with_their_places():
    text = "Ask Mr Brown, 12 Baker Street, 29123456 or b@example.com"

    assert [(d.kind, d.start, d.end) for d in find_personal_details(text, "en")] == [
        (DetailKind.NAME, 4, 12),
        (DetailKind.ADDRESS, 14, 29),
        (DetailKind.PHONE, 31, 39),
        (DetailKind.EMAIL, 43, 56),
    ]


LANGUAGES = st.sampled_from(["en", "lv", "de", "es", "it", "pl", "ro", "sv", "uk", "ar", "lt", ""])
PIECES = st.sampled_from(
    [
        *(
            "Mr.",
            "Anna",
            "Kalniņa",
            "J.",
            "kungs",
            "السيد",
            "شارع",
            "ul.",
            "Calle",
            "iela",
            "Straße",
            "12-4",
            "5a",
            "St",
        ),
        *(
            "+371",
            "00",
            "29123456",
            "٠٩",
            "@",
            ".lv",
            "www.",
            "AB",
            "-",
            "1234",
            ".",
            " ",
            " ",
            "\n",
            "(",
            "’",
        ),
        *("\u200f", "\u202e", "\x00", "\u0304", "👩‍👧", "\ud800"),
    ]
)


@given(st.one_of(st.text(max_size=280), st.lists(PIECES, max_size=60).map("".join)), LANGUAGES)
def test_any_text_is_accepted_and_what_is_found_lies_in_it_in_order(text, language):
    details = find_personal_details(text, language)

    places = [place for detail in details for place in (detail.start, detail.end)]
    assert places == sorted(places)
    assert all(0 <= detail.start < detail.end <= len(text) for detail in details)
