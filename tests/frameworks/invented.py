"""Any answers at all, to any questionnaire, for properties that hold for every one of them."""

from hypothesis import strategies as st

from tessera.frameworks.answers import Answer
from tessera.frameworks.schema import QuestionType

texts = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")) | st.sampled_from("\n=+-@"),
    max_size=40,
).map(str.strip)


def figures(lowest, highest):
    # Spreadsheet programs keep 15 digits.
    return st.integers(lowest * 10**9, highest * 10**9).map(lambda billionths: billionths / 10**9)


def values(question):
    """An answer of the question's type."""
    match question.type:
        case QuestionType.MULTIPLE:
            free = [option.key for option in question.options if option.key != question.exclusive]
            several = st.sets(st.sampled_from(free), min_size=0 if question.exclusive else 1)
            return several.map(
                lambda keys: tuple(key for key in free if key in keys) or (question.exclusive,)
            )
        case QuestionType.NUMBER:
            return figures(*map(int, question.bounds))
        case QuestionType.PERIOD:
            years = figures(*map(int, question.bounds))
            return st.just("never") | years if question.options else years
    return st.sampled_from([option.key for option in question.options])


@st.composite
def answers_to(draw, framework, pathway, texts=texts):
    """By the question's key. Each question is left blank, answered, said not to apply, or only has a note."""
    answers = {}
    for question in framework.questions(pathway):
        kind = draw(st.sampled_from(["blank", "value", "not-applicable"]))
        beside = {"note": draw(texts), "evidence": draw(texts)}
        if kind == "value":
            answers[question.key] = Answer(draw(values(question)), **beside)
        elif kind == "not-applicable" and question.may_not_apply:
            answers[question.key] = Answer(not_applicable=True, reason="So it is.", **beside)
        elif any(beside.values()):
            answers[question.key] = Answer(**beside)
    return answers
