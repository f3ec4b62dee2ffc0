"""A questionnaire with every type of question, worded in English and Latvian, to try answer sheets on."""

from dataclasses import replace

from tests.frameworks.small import area, framework, question

from tessera.frameworks.schema import AreaText, Framework, Pathway, Question, QuestionText, Texts
from tessera.frameworks.when_rules import All, Includes, Is, Not

_FIXED = {
    "en": {
        "yes": "Yes", "partly": "Partly", "no": "No",
        "often": "Often", "sometimes": "Sometimes", "rarely": "Rarely", "never": "Never",
        "all": "All", "most": "Most", "some": "Some", "none": "None",
    },
    "lv": {
        "yes": "Jā", "partly": "Daļēji", "no": "Nē",
        "often": "Bieži", "sometimes": "Dažreiz", "rarely": "Reti", "never": "Nekad",
        "all": "Visi", "most": "Vairums", "some": "Daži", "none": "Neviens",
    },
}  # fmt: skip
_OWN = {
    "lead": {
        "en": {"mayor": "The mayor, or a deputy", "office": "An office", "nobody": "Nobody"},
        "lv": {"mayor": "Mērs vai vietnieks", "office": "Nodaļa", "nobody": "Neviens"},
    },
    "languages-offered": {
        "en": {
            "ukrainian": "Ukrainian", "arabic": "Arabic", "english": "English",
            "none-of-these": "None of these",
        },
        "lv": {
            "ukrainian": "Ukraiņu", "arabic": "Arābu", "english": "Angļu",
            "none-of-these": "Neviena no šīm",
        },
    },
    "last-survey": {"en": {"never": "Never"}, "lv": {"never": "Nekad"}},
}  # fmt: skip
_UNITS = {"foreign-born": {"en": "per cent", "lv": "procenti"}}
_TITLES = {
    "commitment": ("Commitment", "Apņemšanās"),
    "lens": ("Intercultural lens", "Starpkultūru skatījums"),
    "schools": ("Schools", "Skolas"),
    "business": (
        "Business and the labour market, in city and region",
        "Uzņēmējdarbība un darba tirgus pilsētā un reģionā",
    ),
    "interaction": ("Interaction / contacts", "Saskarsme / kontakti"),
}  # fmt: skip


def _binding(asked: Question) -> Question:
    """One to which *does not apply* is no answer."""
    return replace(asked, may_not_apply=False)


def worded_framework() -> Framework:
    """Areas: commitment; the lens of schools and business; interaction (optional, full pathway only)."""
    areas = (
        area(
            "commitment",
            _binding(question("statement", "yes-no")),
            question("strategy", "yes-partly-no", weight="2"),
            question("strategy-reviewed", "frequency", when=Is("strategy", ("yes", "partly"))),
            _binding(question("lead", "single", options={"mayor": "2", "office": "1", "nobody": "0"})),
        ),
        area(
            "lens",
            area("schools", question("trained-teachers", "share"), weight="1.5"),
            area(
                "business",
                question(
                    "languages-offered",
                    "multiple",
                    options={"ukrainian": "1", "arabic": "1", "english": "1", "none-of-these": "0"},
                    exclusive="none-of-these",
                    cap="2",
                ),
                question(
                    "arabic-forms",
                    "yes-no",
                    pathway=Pathway.FULL,
                    when=All(
                        (
                            Includes("languages-offered", ("arabic",)),
                            Not(Includes("languages-offered", ("english",))),
                        )
                    ),
                ),
            ),
            weight="6",
        ),
        area(
            "interaction",
            question("foreign-born", "number", scale=(("0", "0"), ("100", "10")), pathway=Pathway.FULL),
            question(
                "last-survey",
                "period",
                options={"never": "0"},
                scale=(("0", "4"), ("5", "0")),
                pathway=Pathway.FULL,
            ),
            optional=True,
        ),
    )
    plain = replace(framework(*areas), id="worded", version=3)
    return replace(plain, texts={language: _texts(plain, language) for language in ("en", "lv")})


def _texts(framework: Framework, language: str) -> Texts:
    place = ("en", "lv").index(language)
    return Texts(
        language=language,
        title=("A questionnaire for trials", "Izmēģinājuma anketa")[place],
        description=("It has every type of question.", "Tajā ir visu veidu jautājumi.")[place],
        native_review=False,
        areas={
            key: AreaText(titles[place], ("What the area is about.", "Par ko ir šī joma.")[place])
            for key, titles in _TITLES.items()
        },
        questions={asked.key: _question_text(asked, language) for asked in framework.questions()},
        constraints={},
    )


def _question_text(asked: Question, language: str) -> QuestionText:
    fixed = _FIXED[language]
    return QuestionText(
        text=asked.key.replace("-", " ").capitalize() + "?",
        help="What counts, and an example.",
        why="Because it matters.",
        options=_OWN[asked.key][language]
        if asked.key in _OWN
        else {option.key: fixed[option.key] for option in asked.options},
        unit=_UNITS.get(asked.key, {}).get(language, ""),
    )
