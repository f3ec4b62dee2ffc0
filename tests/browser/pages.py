"""One example of every kind of public page, without the prefix of the language."""

REVIEW = "/cities/riga/reviews/intercultural-review/2023/"

PAGES = {
    "home": "/",
    "cities": "/cities/",
    "city": "/cities/riga/",
    "thread": "/cities/quintaria/thread/",
    "city without a review": "/cities/alimos/",
    "review": REVIEW,
    "review with few answers": "/cities/falkenmoor/reviews/intercultural-review/2023/",
    "area": "/areas/intercultural-review/2023/language/",
    "questionnaires": "/questionnaires/",
    "questionnaire": "/questionnaires/intercultural-review/2/",
    "results": "/consultations/first-year-in-lublin/",
    "themes": "/consultations/first-year-in-lublin/themes/",
    "results to come": "/consultations/arriving-in-riga/",
    "about": "/about/",
    "accessibility": "/accessibility/",
    "missing": "/no-such-page/",
}
LANGUAGES = ["en", "lv"]


def status_of(kind):
    return 404 if kind == "missing" else 200
