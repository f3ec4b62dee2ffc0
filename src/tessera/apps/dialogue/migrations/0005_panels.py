import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import tessera.apps.network.local_text


class Migration(migrations.Migration):
    dependencies = [
        ("dialogue", "0004_paper_and_assisted_entry"),
    ]

    operations = [
        migrations.CreateModel(
            name="Panel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delphi", "Delphi: rate each item, in up to three rounds"),
                            (
                                "maxdiff",
                                "MaxDiff: pick the most and the least important of a few, several times",
                            ),
                        ],
                        max_length=8,
                        verbose_name="method",
                    ),
                ),
                ("title", tessera.apps.network.local_text.LocalTextField(verbose_name="title")),
                ("question", tessera.apps.network.local_text.LocalTextField(verbose_name="what is asked")),
                (
                    "state",
                    models.CharField(
                        choices=[("preparing", "being prepared"), ("running", "running"), ("ended", "ended")],
                        default="preparing",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "least_percent",
                    models.PositiveSmallIntegerField(
                        default=70,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="at least so many of a hundred on one side",
                    ),
                ),
                (
                    "opposed_below_percent",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="fewer than so many of a hundred on the other",
                    ),
                ),
                (
                    "seed",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="from which they can be made again",
                        null=True,
                        verbose_name="seed of the tasks",
                    ),
                ),
                (
                    "tasks",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="of a MaxDiff: sheets of tasks, each with the keys of the items it shows",
                        verbose_name="tasks",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="panels",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "panel",
                "verbose_name_plural": "panels",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PanelItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="place in the list")),
                ("text", tessera.apps.network.local_text.LocalTextField(verbose_name="text")),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="dialogue.panel",
                        verbose_name="panel",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        help_text="whose title it is, where it is one",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="panel_items",
                        to="dialogue.theme",
                        verbose_name="theme",
                    ),
                ),
            ],
            options={
                "verbose_name": "item of a panel",
                "verbose_name_plural": "items of panels",
                "ordering": ["place", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PanelMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="dialogue.panel",
                        verbose_name="panel",
                    ),
                ),
                (
                    "stakeholder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="panel_members",
                        to="dialogue.stakeholder",
                        verbose_name="group or organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of a panel",
                "verbose_name_plural": "members of panels",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="PanelRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("opened_on", models.DateField(verbose_name="opened on")),
                ("last_day", models.DateField(verbose_name="last day")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rounds",
                        to="dialogue.panel",
                        verbose_name="panel",
                    ),
                ),
            ],
            options={
                "verbose_name": "round",
                "verbose_name_plural": "rounds",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="BestWorst",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "task",
                    models.PositiveSmallIntegerField(
                        help_text="its place on the member's sheet, from 1", verbose_name="task"
                    ),
                ),
                (
                    "best",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dialogue.panelitem"
                    ),
                ),
                (
                    "worst",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dialogue.panelitem"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="picks",
                        to="dialogue.panelmember",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="picks",
                        to="dialogue.panelround",
                    ),
                ),
            ],
            options={
                "verbose_name": "pick of the most and the least important",
                "verbose_name_plural": "picks of the most and the least important",
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "value",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="1 to 9; empty where the member cannot say",
                        null=True,
                        verbose_name="points",
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="comment")),
                (
                    "comment_state",
                    models.CharField(
                        choices=[("pending", "waiting"), ("shown", "shown"), ("hidden", "hidden")],
                        default="pending",
                        max_length=12,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="dialogue.panelitem",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="dialogue.panelmember",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="dialogue.panelround",
                    ),
                ),
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
            },
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("state", "ended")),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_on__isnull", True)),
                    _connector="OR",
                ),
                name="an_ended_panel_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.CheckConstraint(
                condition=models.Q(("opposed_below_percent__lte", models.F("least_percent"))),
                name="no_item_of_a_panel_is_in_and_out_at_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("theme__isnull", False)),
                fields=("panel", "theme"),
                name="a_panel_weighs_a_theme_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmember",
            constraint=models.UniqueConstraint(
                fields=("panel", "number"), name="numbers_of_a_panel_s_members_differ"
            ),
        ),
        migrations.AddConstraint(
            model_name="panelround",
            constraint=models.UniqueConstraint(
                fields=("panel", "number"), name="rounds_of_a_panel_have_numbers"
            ),
        ),
        migrations.AddConstraint(
            model_name="panelround",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on__isnull", True)),
                fields=("panel",),
                name="one_round_of_a_panel_is_open_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelround",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("opened_on"))),
                name="a_round_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="bestworst",
            constraint=models.UniqueConstraint(
                fields=("round", "member", "task"), name="a_task_is_answered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bestworst",
            constraint=models.CheckConstraint(
                condition=models.Q(("best", models.F("worst")), _negated=True),
                name="the_most_is_not_the_least_important",
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.UniqueConstraint(
                fields=("round", "member", "item"), name="a_member_rates_an_item_once_a_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__isnull", True), models.Q(("value__gte", 1), ("value__lte", 9)), _connector="OR"
                ),
                name="a_rating_is_from_1_to_9",
            ),
        ),
    ]
