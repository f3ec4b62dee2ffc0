"""Reviews to make reports of: a framework as large as the real one, and a city's answers to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from tests.frameworks.small import area, framework, question

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.profile import Profile
from tessera.frameworks.schema import AreaText, Constraint, Framework, Pathway, QuestionText, Texts
from tessera.frameworks.scoring import score_sheet
from tessera.frameworks.when_rules import Is

TITLES = {
    "commitment": ("Commitment", "Apņemšanās"),
    "lens": ("Intercultural lens", "Starpkultūru skatījums"),
    "education": ("Education", "Izglītība"),
    "neighbourhoods": ("Neighbourhoods", "Apkaimes"),
    "services": ("Public services", "Sabiedriskie pakalpojumi"),
    "business": ("Business and the labour market", "Uzņēmējdarbība un darba tirgus"),
    "culture": ("Cultural and social life", "Kultūras un sabiedriskā dzīve"),
    "space": ("Public space", "Publiskā telpa"),
    "mediation": ("Mediation and conflict", "Mediācija un konflikti"),
    "language": ("Language", "Valoda"),
    "media": ("Media and communication", "Mediji un komunikācija"),
    "outlook": ("International outlook", "Starptautiskais skatījums"),
    "competence": ("Intelligence and competence", "Zināšanas un prasmes"),
    "welcome": ("Welcoming newcomers", "Jaunatnācēju uzņemšana"),
    "leadership": ("Leadership and citizenship", "Vadība un pilsonība"),
    "rights": ("Anti-discrimination", "Diskriminācijas novēršana"),
    "participation": ("Participation", "Līdzdalība"),
    "interaction": ("Interaction", "Mijiedarbība"),
}
LENS = ("education", "neighbourhoods", "services", "business", "culture", "space")
OPTIONAL = ("participation", "interaction")
KINDS = ("yes-partly-no", "frequency", "yes-no", "share", "yes-partly-no")

FIXED_LABELS = {
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


def large_framework() -> Framework:
    """Twelve areas, two of them optional, one of six parts; five questions in each plain area: 85 in all."""
    plain = {
        key: area(
            key,
            *(question(f"{key}-{i}", kind, weight=str(1 + i % 2)) for i, kind in enumerate(KINDS)),
            optional=key in OPTIONAL,
        )
        for key in TITLES
        if key != "lens"
    }
    tops = [key for key in TITLES if key not in LENS]
    made = framework(
        *(area("lens", *(plain[part] for part in LENS)) if key == "lens" else plain[key] for key in tops),
        constraints=(Constraint("plan-first", Is("commitment-0", ("yes",)), Is("commitment-2", ("yes",))),),
    )
    return replace(
        made,
        id="large",
        published=date(2020, 1, 1),
        texts={language: _texts(made, language) for language in ("en", "lv")},
    )


def _texts(made: Framework, language: str) -> Texts:
    at = ("en", "lv").index(language)
    wording = (
        "Has the city, in the last three years, done what belongs to “{}” in question {}?",
        "Vai pilsēta pēdējos trīs gados ir darījusi to, kas pieder pie jomas “{}”, {}. jautājums?",
    )[at]
    return Texts(
        language=language,
        title=("Intercultural review", "Starpkultūru pārskats")[at],
        description="",
        native_review=language == "en",
        areas={
            key: AreaText(titles[at], ("What the city does here.", "Ko pilsēta šeit dara.")[at])
            for key, titles in TITLES.items()
        },
        questions={
            asked.key: QuestionText(
                text=wording.format(TITLES[asked.key.rsplit("-", 1)[0]][at], asked.key.rsplit("-", 1)[1]),
                help="",
                why="",
                options={option.key: FIXED_LABELS[language][option.key] for option in asked.options},
                unit="",
            )
            for asked in made.questions()
        },
        constraints={
            "plan-first": ("There is a strategy and no plan.", "Stratēģija ir, bet plāna nav.")[at],
        },
    )


def answered(
    made: Framework,
    *,
    city: str = "Rīga",
    year: int = 2023,
    seed: int = 1,
    missing: float = 0.1,
    level: float = 0.5,
    leave_out: tuple[str, ...] = (),
    said: Mapping[str, Answer] | None = None,
) -> AnswerSheet:
    """Answers drawn by chance, about ``level`` of the points; a share of them missing."""
    rng = np.random.default_rng(seed)
    answers = {}
    for asked in made.questions():
        tilt = rng.beta(4 * level, 4 * (1 - level))
        value = asked.options[min(int((1 - tilt) * len(asked.options)), len(asked.options) - 1)].key
        if (
            rng.random() >= missing
            and asked.area not in leave_out
            and not asked.key.startswith(leave_out or "-")
        ):
            answers[asked.key] = Answer(value=value)
    return AnswerSheet(made.id, made.version, Pathway.FULL, city, year, True, {**answers, **(said or {})})


def large_review() -> tuple[Framework, AnswerSheet, AnswerSheet, Profile]:
    """The framework, the answers of 2023 and of 2020, and the profile beside a class of thirty cities."""
    made = large_framework()
    before = answered(made, year=2020, seed=2, level=0.4)
    now = answered(
        made,
        seed=3,
        missing=0.12,
        level=0.6,
        leave_out=("interaction", "space-1", "space-2", "space-3"),
        said={
            "commitment-0": Answer(
                value="yes", note="Adopted by the council in May.", evidence="Protocol 14/2021"
            ),
            "commitment-2": Answer(value="no"),
            "language-3": Answer(not_applicable=True, reason="The state runs all courses."),
        },
    )
    similar = [answered(made, city=f"City {i}", seed=100 + i, level=0.35 + 0.01 * i) for i in range(30)]
    return made, now, before, score_sheet(made, now, previous=(made, before), class_sheets=similar)
