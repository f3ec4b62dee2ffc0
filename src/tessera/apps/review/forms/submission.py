from django import forms
from django.utils.translation import gettext_lazy as _


class DeclarationForm(forms.Form):
    declared = forms.BooleanField(label=_("I declare this in the name of the city"))
