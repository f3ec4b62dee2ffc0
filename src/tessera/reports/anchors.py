"""Where the parts of a report stand on its page, for links to them."""


def area_anchor(area: str) -> str:
    return f"area-{area}"


def question_anchor(question: str) -> str:
    return f"question-{question}"
