from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tessera.apps.dialogue.models.consultations import Consultation
from tessera.apps.dialogue.models.participants import Participant
from tessera.apps.network.local_text import LocalTextField


class Attribute(models.Model):
    """Something that people are asked about themselves, and need not say."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="attributes"
    )
    key = models.SlugField(_("key"), max_length=40)
    question = LocalTextField(_("question"))
    population_source = models.CharField(
        _("source of the population"),
        max_length=200,
        blank=True,
        help_text=_("of the city, by these answers"),
    )
    population_on = models.DateField(_("day of the population"), null=True, blank=True)

    class Meta:
        verbose_name = _("question about oneself")
        verbose_name_plural = _("questions about oneself")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "key"], name="a_consultation_asks_a_thing_about_oneself_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.question)

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id


class AttributeValue(models.Model):
    """One of the answers to a question about oneself."""

    attribute = models.ForeignKey(
        Attribute, verbose_name=_("question"), on_delete=models.CASCADE, related_name="values"
    )
    key = models.SlugField(_("key"), max_length=40)
    label = LocalTextField(_("answer"))
    population = models.PositiveIntegerField(
        _("residents"), null=True, blank=True, help_text=_("of the city, for whom it is true")
    )

    class Meta:
        verbose_name = _("answer about oneself")
        verbose_name_plural = _("answers about oneself")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attribute", "key"], name="a_question_about_oneself_has_an_answer_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def trail_city_id(self) -> int:
        return self.attribute.consultation.city_id


class Declaration(models.Model):
    """What a participant says about themselves. It is counted, and kept no longer than their code."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="declarations")
    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="declarations")
    value = models.ForeignKey(AttributeValue, on_delete=models.CASCADE, related_name="declarations")

    class Meta:
        verbose_name = _("declaration about oneself")
        verbose_name_plural = _("declarations about oneself")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "attribute"], name="a_participant_answers_about_oneself_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attribute_id}"


class Publication(models.Model):
    """Tables by attribute as they were made public at one time, with what was hidden in them.

    All of them are kept: what is shown next must not give away, by the difference, what was hidden before.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="publications"
    )
    made_on = models.DateField(_("made on"))
    is_final = models.BooleanField(_("of all votes, after the end"), default=False)
    tables = models.JSONField(_("tables"), help_text=_("of tessera.engines.opinion.disclosure"))
    threshold = models.PositiveSmallIntegerField(_("fewest people in a cell"))

    class Meta:
        verbose_name = _("publication of tables")
        verbose_name_plural = _("publications of tables")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(is_final=True), name="tables_are_final_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.made_on}"

    @property
    def trail_city_id(self) -> int:
        return self.consultation.city_id
