"""Example data for the page that shows every component. Nothing here is a fact about a city."""

EXAMPLE = {
    "crumbs": [("Home", "#"), ("Cities", "#"), ("Exampleton", "#")],
    "colours": [
        "accent",
        "neutral",
        "clay",
        "ochre",
        "olive",
        "lapis",
        "info",
        "success",
        "warning",
        "danger",
    ],
    "sections": [
        {"label": "Overview", "url": "#1", "is_current": True},
        {"label": "Areas", "url": "#2", "is_current": False},
        {"label": "Questions", "url": "#3", "is_current": False},
    ],
    "cities": [
        {
            "name": "Exampleton",
            "url": "#",
            "country": "Nowhere",
            "facts": ["Reviews: 2020, 2023", "218,528 inhabitants"],
        },
        {
            "name": "Long-Named-upon-Riverside",
            "url": "#",
            "country": "Nowhere",
            "tone": "clay",
            "facts": ["Review: 2023"],
        },
        {"name": "Quietburg", "url": "#", "country": "Nowhere", "tone": "ochre"},
    ],
    "scores": [
        {
            "label": "Overall (core)",
            "score": 64.4,
            "low": 58.0,
            "high": 71.25,
            "coverage": 0.87,
            "large": True,
        },
        {"label": "Everything answered", "score": 81.5, "low": 81.5, "high": 81.5, "coverage": 1.0},
        {"label": "Too little answered", "score": None, "low": 12.5, "high": 87.5, "coverage": 0.25},
        {"label": "The lowest score", "score": 0.0, "low": 0.0, "high": 4.0, "coverage": 0.96},
    ],
    "table": {
        "caption": "Points by area",
        "columns": [
            {"label": "Area", "kind": "text"},
            {"label": "Points", "kind": "number"},
            {"label": "Band", "kind": "number"},
            {"label": "Class median", "kind": "number"},
        ],
        "rows": [
            [{"text": "Welcoming newcomers", "url": "#"}, {"text": "81"}, {"text": "72–89"}, {"text": "66"}],
            [{"text": "Education", "url": "#"}, {"text": "54"}, {"text": "45–63"}, {"text": "58"}],
            [
                {"text": "Media and communication", "url": "#"},
                {"text": "42"},
                {"text": "32–58"},
                {"text": ""},
            ],
        ],
    },
    "facts": [
        {
            "term": "Inhabitants",
            "value": "218,528",
            "source": {"label": "City register", "url": "#", "date": "1 January 2014"},
        },
        {"term": "Partner", "value": "since 2020", "source": {"label": "Grant agreement"}},
        {"term": "Foreign nationals", "value": ""},
    ],
    "notices": [
        {"kind": "invented", "title": "Invented answers", "text": "The city is real, its answers are not."},
        {
            "kind": "info",
            "title": "Not comparable",
            "text": "Two questions were reworded between 2020 and 2023.",
        },
        {"kind": "warning", "title": "Withdrawn", "text": "This review was replaced on 3 May 2023."},
    ],
    "files": [
        {"label": "Report", "url": "#", "format": "PDF", "size": 184_320},
        {"label": "Answers", "url": "#", "format": "XLSX", "size": 48_102},
        {"label": "Profile", "url": "#", "format": "JSON"},
    ],
    "terms": [
        ("Coverage", "The share of the weight that applies which was answered."),
        ("Band", "The interval in which the score lies, whatever the missing answers are."),
    ],
}
