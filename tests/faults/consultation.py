"""Open a consultation in the database of a site, in a process of its own: python -m tests.faults.consultation

Prints its address and the keys of its statements, as JSON.
"""

import json

import django

STATEMENTS = 20


def main() -> dict[str, object]:
    from tests.dialogues import hold_consultation

    consultation = hold_consultation(seeds=[f"Sentence number {place}." for place in range(STATEMENTS)])
    return {"slug": consultation.slug, "statements": [each.pk for each in consultation.statements.all()]}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))
