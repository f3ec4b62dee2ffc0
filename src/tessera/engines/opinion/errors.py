"""What the opinion engine refuses.

OpinionError
├── VotesError        votes, statements or labels that do not fit: an unknown vote, a group without a person
├── NotComputable     a question that these votes cannot answer: more groups than places
└── DisclosureError   tables by attribute that cannot be protected, or do not fit each other
"""


class OpinionError(ValueError):
    """The engine was given something it cannot compute with; the message names it."""


class VotesError(OpinionError):
    pass


class NotComputable(OpinionError):
    pass


class DisclosureError(OpinionError):
    pass
