from typing import Any

from django.db import models


class AddressField(models.EmailField):
    """An e-mail address in small letters, so that one mailbox is one person however it is typed."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return found.lower() if isinstance(found, str) else found

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value
