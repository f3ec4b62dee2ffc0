"""The page of a member of a panel. The link alone lets them in, and stands in the address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.log import log_response
from django.views.decorators.http import require_http_methods, require_safe
from django.views.defaults import page_not_found

from tessera.apps.dialogue.access.panels import get_panel_member
from tessera.apps.dialogue.actions.panel_answers import Opinion, pick, rate_items
from tessera.apps.dialogue.actions.taking_part import NotNow, tidy_words
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import LONGEST_COMMENT, Panel, PanelItem, PanelMember, PanelRound
from tessera.apps.dialogue.panel_results import FEWEST_SHOWN, DelphiResults, RatedItem, read_results
from tessera.apps.dialogue.refusals import WrongForm
from tessera.apps.dialogue.resident_pages import GoTo, resident_page, show
from tessera.apps.dialogue.visits import Visit, read_numbers
from tessera.engines.portfolio.delphi import HIGHEST, LOWEST

POINTS = range(LOWEST, HIGHEST + 1)
CANNOT_SAY = "none"
BAD_REQUEST, CONFLICT = 400, 409


def keeps_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Neither another site learns the link from a page that is left, nor our log from one that is refused.

    Not `no-referrer`: browsers then send our own forms as if they came from nowhere, see
    `refusals.refuse_from_elsewhere`.
    """

    @wraps(view)
    def page(request: HttpRequest, slug: str, token: str, **about: str) -> HttpResponse:
        try:
            response = view(request, slug=slug, token=token, **about)
        except Http404 as error:
            # As the site answers; but then the address would be logged.
            response = page_not_found(request, error, "web/404.html")
        response.headers["Referrer-Policy"] = "same-origin"
        if response.status_code >= BAD_REQUEST:
            # What is logged here is not logged again by its address.
            log_response(
                "%s: a panel of %s", response.reason_phrase, slug, response=response, request=request
            )
        return response

    return page


@require_safe
@keeps_link
@resident_page
def arrive(visit: Visit, token: str) -> HttpResponse:
    """Where the link leads: to the choice of a language, where there is one."""
    member = get_panel_member(visit.consultation, token)
    offered = visit.consultation.offered_languages
    titles = [
        {
            "language": language,
            "title": member.panel.title.in_language(language.code),
            "url": reverse("take_part:panel", args=[visit.consultation.slug, token, language.code]),
        }
        for language in offered
    ]
    if len(titles) == 1:
        return GoTo(str(titles[0]["url"]))
    context = {"panel": member.panel, "titles": titles, "language_links": []}
    return show(visit, "panel_language.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_link
@resident_page
def answer(visit: Visit, token: str) -> HttpResponse:
    member = get_panel_member(visit.consultation, token)
    running = member.panel.round_on(visit.day)
    place = Place(
        visit,
        member,
        running,
        reverse("take_part:panel", args=[visit.consultation.slug, token, visit.language.code]),
    )
    if visit.request.method == "POST":
        try:
            return _keep_ratings(place) if member.panel.is_delphi else _keep_pick(place)
        except NotNow:
            return _show_closed(place, status=CONFLICT)
    if running is None:
        return _show_closed(place)
    return _show_ratings(place, running) if member.panel.is_delphi else _show_task(place, running)


@dataclass(frozen=True)
class Place:
    """A member on their page."""

    visit: Visit
    member: PanelMember
    running: PanelRound | None
    url: str

    @property
    def panel(self) -> Panel:
        return self.member.panel

    @property
    def form(self) -> QueryDict:
        return self.visit.request.POST

    @property
    def number(self) -> int:
        """Of the round for which the form was made."""
        return self.visit.number("round")

    def show(self, page: str, *, status: int = 200, **context: object) -> HttpResponse:
        about = {
            "panel": self.panel,
            "round": self.running,
            "url": self.url,
            "done": self.visit.request.GET.get("done", ""),
            **context,
        }
        return show(self.visit, page, about, status=status)


def _show_closed(place: Place, *, status: int = 200) -> HttpResponse:
    """No round takes answers; what somebody just wrote is given back to them."""
    lost = [words for name in place.form if name.startswith("comment-") and (words := place.form[name])]
    return place.show("panel_closed.html", status=status, is_late=status == CONFLICT, lost=lost)


# Delphi


@dataclass(frozen=True)
class ItemToRate:
    item: PanelItem
    value: int | None
    cannot_say: bool
    comment: str
    surplus: int
    """Letters that the comment has too many."""
    before: "Before | None"


@dataclass(frozen=True)
class Before:
    """What the panel said about an item in the round before."""

    rated: RatedItem | None
    """None where too few rated it."""
    own: int | None
    comments: Sequence[str]


def _show_ratings(place: Place, running: PanelRound) -> HttpResponse:
    kept = {each.item_id: each for each in running.ratings.filter(member=place.member)}
    opinions = {item: Opinion(rating.value, rating.comment) for item, rating in kept.items()}
    return _ask_ratings(place, running, opinions)


def _ask_ratings(
    place: Place, running: PanelRound, opinions: dict[int, Opinion], *, status: int = 200
) -> HttpResponse:
    before = _read_before(place, running)
    items = [_to_rate(item, opinions.get(item.pk), before.get(item.pk)) for item in place.panel.items.all()]
    context = {
        "items": items,
        "points": POINTS,
        "cannot_say": CANNOT_SAY,
        "longest": LONGEST_COMMENT,
        "has_errors": any(item.surplus for item in items),
        "has_before": bool(before),
        "n_before": running.number - 1,
    }
    return place.show("panel_ratings.html", status=status, **context)


def _to_rate(item: PanelItem, opinion: Opinion | None, before: Before | None) -> ItemToRate:
    return ItemToRate(
        item=item,
        value=None if opinion is None else opinion.value,
        cannot_say=opinion is not None and opinion.value is None,
        comment="" if opinion is None else opinion.comment,
        surplus=0 if opinion is None else max(0, len(tidy_words(opinion.comment)) - LONGEST_COMMENT),
        before=before,
    )


def _read_before(place: Place, running: PanelRound) -> dict[int, Before]:
    """By the keys of the items; empty in the first round."""
    earlier = place.panel.rounds.filter(number=running.number - 1).first()
    if earlier is None:
        return {}
    items = list(place.panel.items.all())
    rated: list[RatedItem | None] = [None] * len(items)
    results = read_results(place.panel, fewest=FEWEST_SHOWN)
    if isinstance(results, DelphiResults) and results.last.number == earlier.number:
        rated = [each.rated for each in results.last.items]
    own = dict(earlier.ratings.filter(member=place.member).values_list("item", "value"))
    said: dict[int, list[str]] = {item.pk: [] for item in items}
    shown = earlier.ratings.filter(comment_state=StatementState.SHOWN).exclude(comment="")
    # In the order of the letters, which does not tell who said what.
    for item, comment in shown.order_by("comment").values_list("item", "comment"):
        said[item].append(comment)
    return {
        item.pk: Before(figures, own.get(item.pk), said[item.pk])
        for item, figures in zip(items, rated, strict=True)
    }


def _keep_ratings(place: Place) -> HttpResponse:
    opinions = _read_opinions(place)
    if any(len(tidy_words(opinion.comment)) > LONGEST_COMMENT for opinion in opinions.values()):
        if place.running is None or place.running.number != place.number:
            raise NotNow(f"Round {place.number} of {place.panel} is over.")
        return _ask_ratings(place, place.running, opinions, status=BAD_REQUEST)
    rate_items(member=place.member, number=place.number, opinions=opinions, day=place.visit.day)
    return GoTo(f"{place.url}?done=kept")


def _read_opinions(place: Place) -> dict[int, Opinion]:
    """What the form holds, by the keys of the items. Raises WrongForm for what no form of ours holds."""
    found = {}
    for item in place.panel.items.all():
        written, comment = place.form.get(f"value-{item.pk}"), place.form.get(f"comment-{item.pk}", "")
        if written is None and not comment.strip():
            continue
        value = None
        if written not in (None, CANNOT_SAY):
            value = place.visit.number(f"value-{item.pk}")
            if value not in POINTS:
                raise WrongForm(f"{written[:20]!r} is not from {LOWEST} to {HIGHEST}.")
        found[item.pk] = Opinion(value, comment)
    return found


# MaxDiff


def _show_task(place: Place, running: PanelRound) -> HttpResponse:
    """The one that is named; else the first without an answer, or that all are answered."""
    picks = {each.task: each for each in running.picks.filter(member=place.member)}
    n_tasks = len(place.member.tasks)
    asked = read_numbers(place.visit.request.GET.get("task", ""))
    if asked and 1 <= asked[0] <= n_tasks:
        task = asked[0]
    else:
        task = next((each for each in range(1, n_tasks + 1) if each not in picks), 0)
    if not task:
        return place.show("panel_done.html", tasks=range(1, n_tasks + 1))
    kept = picks.get(task)
    chosen = (kept.best_id, kept.worst_id) if kept else (None, None)
    return _ask_task(place, task, chosen)


def _ask_task(
    place: Place, task: int, chosen: tuple[int | None, int | None], *, error: str = ""
) -> HttpResponse:
    tasks = place.member.tasks
    items = {item.pk: item for item in place.panel.items.all()}
    return place.show(
        "panel_task.html",
        status=BAD_REQUEST if error else 200,
        task=task,
        n_tasks=len(tasks),
        items=[items[pk] for pk in tasks[task - 1]],
        best=chosen[0],
        worst=chosen[1],
        error=error,
    )


def _keep_pick(place: Place) -> HttpResponse:
    number, task = place.number, place.visit.number("task")
    if place.running is None or place.running.number != number:
        raise NotNow(f"Round {number} of {place.panel} is over.")
    if not 1 <= task <= len(place.member.tasks):
        raise WrongForm(f"There is no task {task}.")
    best, worst = (_read_choice(place, task, name) for name in ("best", "worst"))
    if best is None or worst is None:
        return _ask_task(place, task, (best, worst), error="missing")
    if best == worst:
        return _ask_task(place, task, (best, worst), error="same")
    pick(member=place.member, number=number, task=task, best=best, worst=worst, day=place.visit.day)
    return GoTo(place.url)


def _read_choice(place: Place, task: int, name: str) -> int | None:
    """None where nothing was chosen. Raises WrongForm for what was not shown."""
    if name not in place.form:
        return None
    chosen = place.visit.number(name)
    if chosen not in place.member.tasks[task - 1]:
        raise WrongForm(f"{chosen} was not among what was shown.")
    return chosen
