import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """For an attribute of an element, where the template escapes it; a script reads it from there."""
    return json.dumps(value, cls=DjangoJSONEncoder)
