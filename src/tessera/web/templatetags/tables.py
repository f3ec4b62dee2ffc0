from collections.abc import Iterable, Iterator

from django import template

register = template.Library()


@register.filter
def beside(columns: Iterable[object], cells: Iterable[object]) -> Iterator[tuple[object, object]]:
    """Each cell of a row beside its column; a row of another length than the heading is an error."""
    return zip(columns, cells, strict=True)
