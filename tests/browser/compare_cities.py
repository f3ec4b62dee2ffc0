"""Put three cities side by side on the site of the environment, and print the number of their cycle.

python -m tests.browser.compare_cities
"""

import django

if __name__ == "__main__":
    django.setup()

    from tests.builders import REVIEW, make_finding, make_validated_cycle, put_in_state

    from tessera.apps.network.local_text import LocalText
    from tessera.apps.review.lifecycle import State
    from tessera.apps.review.models import FindingKind, Review
    from tessera.frameworks.answers import Answer
    from tessera.frameworks.load import find_framework
    from tessera.frameworks.schema import representative_answers

    framework = find_framework(REVIEW, 2)

    def answers(every, which):
        """To all questions but each one with a number, so that there are bands."""
        asked = [question for at, question in enumerate(framework.questions()) if at % every]
        return {question.key: Answer(representative_answers(question)[which]) for question in asked}

    made = make_validated_cycle(
        {"riga": answers(5, 0), "ravenna": answers(9, -1), "lublin": answers(2, 0)},
        framework=REVIEW,
        version=2,
    )
    area = framework.areas[0]
    for number, review in enumerate(Review.objects.filter(cycle=made), 1):
        make_finding(
            review,
            f"The city has a plan, and council number {number} decides on it every year.",
            kind=FindingKind.STRENGTH,
            areas=[area.key],
            questions=[area.questions[0].key],
            next_step="Say in the plan who does what, and until when.",
        )
        make_finding(review, LocalText("lv", {"lv": "Trūkst tulku."}), questions=[area.questions[1].key])
    make_finding(review, "What the city sent does not fit what it says.", kind=FindingKind.PRIORITY)
    put_in_state(Review.objects.get(city__slug="ravenna"), State.PUBLISHED)
    print(made.pk)
