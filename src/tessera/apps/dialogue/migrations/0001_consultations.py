import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tessera.apps.network.local_text


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0006_a_name_is_one_line"),
        ("network", "0005_facilitators"),
        ("review", "0017_experts_agree"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="network.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Small letters, digits and hyphens only."
                            )
                        ],
                        verbose_name="address",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being prepared"),
                            ("open", "open"),
                            ("closed", "closed"),
                            ("synthesised", "summed up in themes"),
                            ("answered", "answered by the city"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("title", tessera.apps.network.local_text.LocalTextField(verbose_name="title")),
                (
                    "asked_by",
                    tessera.apps.network.local_text.LocalTextField(verbose_name="who asks, and why"),
                ),
                (
                    "what_follows",
                    tessera.apps.network.local_text.LocalTextField(verbose_name="what will happen with it"),
                ),
                ("contact", tessera.apps.network.local_text.LocalTextField(verbose_name="help and contact")),
                (
                    "languages",
                    models.JSONField(
                        help_text="the texts are written in the first, and put into the others",
                        verbose_name="languages",
                    ),
                ),
                (
                    "has_open_link",
                    models.BooleanField(
                        default=True,
                        help_text="else only people who were given a link of their own take part",
                        verbose_name="open to everybody",
                    ),
                ),
                (
                    "kept_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        help_text="after it is closed; then no code tells any more whose a vote is",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1095),
                        ],
                        verbose_name="days for which receipt codes are kept",
                    ),
                ),
                (
                    "trial_hash",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="of the link with which it is tried out while it is prepared",
                        max_length=64,
                    ),
                ),
                ("invented", models.BooleanField(default=False, verbose_name="invented")),
                (
                    "attribution",
                    models.TextField(
                        blank=True,
                        help_text="of votes that were taken over from elsewhere; "
                        "empty where people voted here",
                        verbose_name="origin and licence",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        help_text="whose findings and areas it is about",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consultations",
                        to="review.review",
                        verbose_name="review",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations_prepared",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="prepared by",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "closing_reason",
                    models.TextField(
                        blank=True,
                        help_text="empty where it ran to its last day",
                        verbose_name="why it was closed early",
                    ),
                ),
                (
                    "synthesised_on",
                    models.DateField(blank=True, null=True, verbose_name="themes published on"),
                ),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="answered on")),
                (
                    "codes_forgotten_on",
                    models.DateField(blank=True, null=True, verbose_name="receipt codes forgotten on"),
                ),
            ],
            options={
                "verbose_name": "consultation",
                "verbose_name_plural": "consultations",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_on__isnull", False),
                                ("state__in", ("closed", "synthesised", "answered")),
                            ),
                            models.Q(
                                models.Q(("state__in", ("closed", "synthesised", "answered")), _negated=True),
                                ("closed_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_closed_consultation_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["synthesised", "answered"]), ("synthesised_on__isnull", False)
                            ),
                            models.Q(
                                models.Q(("state__in", ["synthesised", "answered"]), _negated=True),
                                ("synthesised_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_consultation_with_public_themes_says_since_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_on__isnull", False), ("state", "answered")),
                            models.Q(
                                models.Q(("state", "answered"), _negated=True), ("answered_on__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="an_answered_consultation_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Salt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("value", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "salt of a day",
                "verbose_name_plural": "salts of days",
            },
        ),
        migrations.CreateModel(
            name="PriorityArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_priority_areas",
                        to="network.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Small letters, digits and hyphens only."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                ("name", tessera.apps.network.local_text.LocalTextField(verbose_name="name")),
            ],
            options={
                "verbose_name": "priority area",
                "verbose_name_plural": "priority areas",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("city", "key"), name="keys_of_priority_areas_of_a_city_differ"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attribute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attributes",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                ("key", models.SlugField(max_length=40, verbose_name="key")),
                ("question", tessera.apps.network.local_text.LocalTextField(verbose_name="question")),
                (
                    "population_source",
                    models.CharField(
                        blank=True,
                        help_text="of the city, by these answers",
                        max_length=200,
                        verbose_name="source of the population",
                    ),
                ),
                (
                    "population_on",
                    models.DateField(blank=True, null=True, verbose_name="day of the population"),
                ),
            ],
            options={
                "verbose_name": "question about oneself",
                "verbose_name_plural": "questions about oneself",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "key"), name="a_consultation_asks_a_thing_about_oneself_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consent_texts",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("text", tessera.apps.network.local_text.LocalTextField(verbose_name="text")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent_texts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                ("written_on", models.DateField(verbose_name="written on")),
            ],
            options={
                "verbose_name": "consent text",
                "verbose_name_plural": "consent texts",
                "ordering": ["version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "version"), name="versions_of_a_consent_text_differ"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Small letters, digits and hyphens only."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("definition", models.TextField(verbose_name="what it means")),
                ("includes", models.TextField(blank=True, verbose_name="when to give it")),
                ("excludes", models.TextField(blank=True, verbose_name="when not to give it")),
            ],
            options={
                "verbose_name": "code",
                "verbose_name_plural": "codes",
                "ordering": ["key"],
                "constraints": [
                    models.UniqueConstraint(fields=("consultation", "key"), name="keys_in_a_codebook_differ")
                ],
            },
        ),
        migrations.CreateModel(
            name="BriefItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brief",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consultations",
                        to="review.finding",
                        verbose_name="finding",
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=60, verbose_name="area")),
            ],
            options={
                "verbose_name": "part of a brief",
                "verbose_name_plural": "parts of a brief",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("area", ""), ("finding__isnull", False)),
                            models.Q(models.Q(("area", ""), _negated=True), ("finding__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_brief_names_findings_and_areas",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finding__isnull", False)),
                        fields=("consultation", "finding"),
                        name="a_brief_names_a_finding_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("area", ""), _negated=True),
                        fields=("consultation", "area"),
                        name="a_brief_names_an_area_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactSlip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_slips",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("tell-answer", "to tell them what the city answers"),
                            ("invite", "to invite them to another meeting"),
                        ],
                        max_length=12,
                        verbose_name="what for",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name, as they gave it")),
                ("way", models.CharField(max_length=200, verbose_name="e-mail address or telephone number")),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                ("consented_on", models.DateField(verbose_name="agreed on")),
                ("until", models.DateField(verbose_name="erased after")),
            ],
            options={
                "verbose_name": "contact slip",
                "verbose_name_plural": "contact slips",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("consented_on"))),
                        name="a_contact_slip_is_erased_after_it_was_given",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CountedVotes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counted_votes",
                        to="dialogue.consultation",
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        help_text="one more with each change: who read another, lost"
                    ),
                ),
                (
                    "saved",
                    models.BinaryField(
                        help_text="of tessera.engines.opinion.live; none where they are to be made anew",
                        null=True,
                    ),
                ),
            ],
            options={
                "verbose_name": "sums of votes",
                "verbose_name_plural": "sums of votes",
            },
        ),
        migrations.CreateModel(
            name="Facilitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facilitations",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facilitations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="facilitator",
                    ),
                ),
            ],
            options={
                "verbose_name": "facilitation",
                "verbose_name_plural": "facilitations",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "person"), name="a_person_facilitates_a_consultation_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupTables",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_tables",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                ("made_on", models.DateField(verbose_name="made on")),
                (
                    "votes_digest",
                    models.CharField(
                        help_text="of the landscape with these groups",
                        max_length=64,
                        verbose_name="checksum of the votes (SHA-256)",
                    ),
                ),
                (
                    "tables",
                    models.JSONField(
                        help_text="of tessera.engines.opinion.disclosure; none where no groups are shown",
                        verbose_name="tables",
                    ),
                ),
                ("threshold", models.PositiveSmallIntegerField(verbose_name="fewest people in a cell")),
            ],
            options={
                "verbose_name": "tables of groups",
                "verbose_name_plural": "tables of groups",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "votes_digest"),
                        name="groups_of_a_landscape_are_made_public_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Landscape",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="landscape",
                        to="dialogue.consultation",
                    ),
                ),
                (
                    "priorities",
                    models.JSONField(
                        help_text="by its number, a few seconds old",
                        verbose_name="how much votes on a statement are wanted",
                    ),
                ),
                (
                    "overview",
                    models.JSONField(
                        help_text="of tessera.engines.opinion.overview; none before ten people have voted",
                        null=True,
                        verbose_name="what is shown",
                    ),
                ),
                ("found_on", models.DateField(null=True, verbose_name="day of what is shown")),
                ("is_final", models.BooleanField(default=False, verbose_name="of all votes, after the end")),
                ("seed", models.PositiveIntegerField(verbose_name="start number of the trials")),
                ("engine", models.CharField(max_length=40, verbose_name="engine")),
                (
                    "votes_digest",
                    models.CharField(max_length=64, verbose_name="checksum of the votes (SHA-256)"),
                ),
                (
                    "statements_digest",
                    models.CharField(max_length=64, verbose_name="checksum of the statements (SHA-256)"),
                ),
                (
                    "channels_told",
                    models.JSONField(
                        default=list,
                        help_text="of tessera.apps.dialogue.channels, after the end; the newest last",
                        verbose_name="how many people came by which channel",
                    ),
                ),
                (
                    "number_waiting",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="a number of groups that was found of late, and is not shown yet"
                    ),
                ),
                ("rounds_waiting", models.PositiveSmallIntegerField(default=0)),
                (
                    "language_flags",
                    models.JSONField(
                        default=dict,
                        help_text="languages by statement: its translation may say something else",
                        verbose_name="where one language votes otherwise",
                    ),
                ),
            ],
            options={
                "verbose_name": "landscape",
                "verbose_name_plural": "landscapes",
            },
        ),
        migrations.CreateModel(
            name="OwnLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_links",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("is_used", models.BooleanField(default=False, verbose_name="used")),
            ],
            options={
                "verbose_name": "link for one person",
                "verbose_name_plural": "links for one person",
            },
        ),
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
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="panels",
                        to="dialogue.consultation",
                        verbose_name="consultation",
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
            ],
            options={
                "verbose_name": "panel",
                "verbose_name_plural": "panels",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on__isnull", False), ("state", "ended")),
                            models.Q(models.Q(("state", "ended"), _negated=True), ("ended_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="an_ended_panel_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opposed_below_percent__lte", models.F("least_percent"))),
                        name="no_item_of_a_panel_is_in_and_out_at_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "code_hash",
                    models.CharField(
                        editable=False,
                        help_text="no hash at all once the codes of the consultation are forgotten",
                        max_length=64,
                        unique=True,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("open-link", "open link"),
                            ("own-link", "link for one person"),
                            ("paper", "on paper"),
                            ("assisted", "with a facilitator"),
                            ("imported", "taken over from elsewhere"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                ("joined_on", models.DateField(verbose_name="day of the first vote or statement")),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
            },
        ),
        migrations.CreateModel(
            name="Phase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("say-and-vote", "vote, and say something of one's own"),
                            ("vote", "vote only"),
                            ("say", "say something only"),
                        ],
                        default="say-and-vote",
                        max_length=12,
                        verbose_name="rule",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
            ],
            options={
                "verbose_name": "phase",
                "verbose_name_plural": "phases",
                "ordering": ["starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="a_phase_ends_after_it_began",
                    ),
                    models.UniqueConstraint(
                        fields=("consultation", "starts_on"),
                        name="phases_of_a_consultation_begin_on_different_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Printing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="printings",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                (
                    "printed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets_printed",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="printed by",
                    ),
                ),
                ("printed_on", models.DateField(verbose_name="printed on")),
            ],
            options={
                "verbose_name": "printing of sheets",
                "verbose_name_plural": "printings of sheets",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publications",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                ("made_on", models.DateField(verbose_name="made on")),
                ("is_final", models.BooleanField(default=False, verbose_name="of all votes, after the end")),
                (
                    "tables",
                    models.JSONField(
                        help_text="of tessera.engines.opinion.disclosure", verbose_name="tables"
                    ),
                ),
                ("threshold", models.PositiveSmallIntegerField(verbose_name="fewest people in a cell")),
            ],
            options={
                "verbose_name": "publication of tables",
                "verbose_name_plural": "publications of tables",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_final", True)),
                        fields=("consultation",),
                        name="tables_are_final_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpokenConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spoken_consents",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "heard_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents_heard",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="heard by",
                    ),
                ),
                ("heard_on", models.DateField(verbose_name="heard on")),
                (
                    "key",
                    models.CharField(
                        editable=False,
                        help_text="of the form that brought it, so that one that comes again does nothing",
                        max_length=16,
                    ),
                ),
            ],
            options={
                "verbose_name": "spoken consent",
                "verbose_name_plural": "spoken consents",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("consultation", "key"), name="a_consent_is_recorded_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Stakeholder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stakeholders",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("group", "group of people"), ("organisation", "organisation")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="of the network, where it is one",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="heard_in",
                        to="network.organisation",
                        verbose_name="organisation",
                    ),
                ),
                ("why", models.TextField(blank=True, verbose_name="why we should hear them")),
                (
                    "reached_by",
                    models.CharField(blank=True, max_length=200, verbose_name="how to reach them"),
                ),
                ("invited_on", models.DateField(blank=True, null=True, verbose_name="invited on")),
            ],
            options={
                "verbose_name": "stakeholder",
                "verbose_name_plural": "stakeholders",
                "ordering": ["kind", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "name"), name="a_consultation_names_a_stakeholder_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stewardship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stewardships",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stewardships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="steward",
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stewardships_given",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="named by",
                    ),
                ),
                ("named_on", models.DateField(verbose_name="named on")),
                ("purpose", models.CharField(max_length=200, verbose_name="what for")),
            ],
            options={
                "verbose_name": "stewardship of votes",
                "verbose_name_plural": "stewardships of votes",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "person"), name="a_person_is_steward_of_a_consultation_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="themes",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                ("title", tessera.apps.network.local_text.LocalTextField(verbose_name="title")),
                ("summary", tessera.apps.network.local_text.LocalTextField(verbose_name="summary")),
                (
                    "area",
                    models.CharField(
                        blank=True,
                        help_text="its key; empty as long as it is no priority",
                        max_length=40,
                        verbose_name="priority area",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="themes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="VotesTaken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes_taken",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes_taken",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="steward",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="taken at")),
                ("count", models.PositiveIntegerField(verbose_name="votes")),
                (
                    "digest",
                    models.CharField(max_length=64, verbose_name="checksum of the file of votes (SHA-256)"),
                ),
            ],
            options={
                "verbose_name": "handing out of votes",
                "verbose_name_plural": "handings out of votes",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "salt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tallies",
                        to="dialogue.salt",
                    ),
                ),
                ("bucket", models.CharField(max_length=64, unique=True)),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "tally of a day",
                "verbose_name_plural": "tallies of days",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__gte", 1)), name="a_tally_counts_somebody"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AttributeValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "attribute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="dialogue.attribute",
                        verbose_name="question",
                    ),
                ),
                ("key", models.SlugField(max_length=40, verbose_name="key")),
                ("label", tessera.apps.network.local_text.LocalTextField(verbose_name="answer")),
                (
                    "population",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="of the city, for whom it is true",
                        null=True,
                        verbose_name="residents",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer about oneself",
                "verbose_name_plural": "answers about oneself",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attribute", "key"), name="a_question_about_oneself_has_an_answer_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("focus-group", "focus group"),
                            ("interview", "interview"),
                            ("round-table", "round table"),
                            ("open-day", "open day"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("title", tessera.apps.network.local_text.LocalTextField(verbose_name="title")),
                ("held_on", models.DateField(verbose_name="day")),
                ("place", models.CharField(max_length=200, verbose_name="place")),
                ("languages", models.JSONField(verbose_name="languages spoken")),
                (
                    "interpreter",
                    models.CharField(
                        blank=True,
                        help_text="between which languages, and who paid it",
                        max_length=200,
                        verbose_name="interpreter",
                    ),
                ),
                (
                    "led_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions_led",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="led by",
                    ),
                ),
                ("agenda", models.TextField(blank=True, verbose_name="agenda")),
                ("outputs", models.TextField(blank=True, verbose_name="what came out of it")),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        help_text="as it was read out; before that nothing is written down",
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="sessions",
                        to="dialogue.consenttext",
                        verbose_name="consent text",
                    ),
                ),
                ("consent_language", models.CharField(blank=True, max_length=8, verbose_name="read out in")),
                ("codes_given", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "ordering": ["held_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent__isnull", True), ("consent_language", "")),
                            models.Q(
                                ("consent__isnull", False), models.Q(("consent_language", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_consent_text_is_read_out_in_a_language",
                    )
                ],
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
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rounds",
                        to="dialogue.panel",
                        verbose_name="panel",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("opened_on", models.DateField(verbose_name="opened on")),
                ("last_day", models.DateField(verbose_name="last day")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
            ],
            options={
                "verbose_name": "round",
                "verbose_name_plural": "rounds",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("panel", "number"), name="rounds_of_a_panel_have_numbers"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=("panel",),
                        name="one_round_of_a_panel_is_open_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("opened_on"))),
                        name="a_round_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statements",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                ("text", models.TextField(max_length=280, verbose_name="text")),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "waiting"), ("shown", "shown"), ("hidden", "hidden")],
                        default="pending",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "hiding_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("personal", "it names or describes a person, or gives a way to reach one"),
                            ("hostile", "it insults, threatens or disparages people"),
                            ("off-topic", "it is not about what the consultation asks"),
                            (
                                "unclear",
                                "one cannot simply agree or disagree: it asks, or says several things",
                            ),
                            ("repeated", "another statement says the same"),
                            ("unlawful", "it breaks the law"),
                            ("elsewhere", "it was taken out where the votes come from"),
                        ],
                        max_length=10,
                        verbose_name="why it is hidden",
                    ),
                ),
                (
                    "is_seeded",
                    models.BooleanField(
                        help_text="written before the consultation opened", verbose_name="by the city"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statements",
                        to="dialogue.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        help_text="that it is about",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="statements",
                        to="review.finding",
                        verbose_name="finding",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        help_text="another that says the same; both texts are kept",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="duplicates",
                        to="dialogue.statement",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="of the form that brought it, so that it comes once",
                        max_length=32,
                    ),
                ),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["consultation", "state"], name="dialogue_statement_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "hidden"), models.Q(("hiding_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "hidden"), _negated=True), ("hiding_reason", "")),
                            _connector="OR",
                        ),
                        name="a_hidden_statement_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_seeded", False), ("author__isnull", True), _connector="OR"),
                        name="a_seeded_statement_has_no_author",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True), ("hiding_reason", "repeated"), _connector="OR"
                        ),
                        name="what_is_merged_is_hidden_as_repeated",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("author", "key"),
                        name="a_form_brings_a_statement_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "printing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheets",
                        to="dialogue.printing",
                        verbose_name="printing of sheets",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("printed", "printed"),
                            ("entered-once", "typed in once"),
                            ("differing", "typed in twice, with differences"),
                            ("taken-in", "taken in"),
                        ],
                        default="printed",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "code_hash",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="empty once the sheet is taken in",
                        max_length=64,
                    ),
                ),
                (
                    "first_choices",
                    models.JSONField(
                        editable=False, help_text="by places; erased once the sheet is taken in", null=True
                    ),
                ),
                ("second_choices", models.JSONField(editable=False, null=True)),
                (
                    "first_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets_entered_first",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="typed in by",
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets_entered_second",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="typed in again by",
                    ),
                ),
                ("taken_in_on", models.DateField(blank=True, null=True, verbose_name="taken in on")),
            ],
            options={
                "verbose_name": "sheet",
                "verbose_name_plural": "sheets",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("code_hash", ""),
                                ("first_choices__isnull", True),
                                ("second_choices__isnull", True),
                                ("state", "taken-in"),
                                ("taken_in_on__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state", "taken-in"), _negated=True),
                                ("taken_in_on__isnull", True),
                                models.Q(("code_hash", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_sheet_that_is_taken_in_keeps_no_answers",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("code_hash", ""), _negated=True),
                        fields=("code_hash",),
                        name="codes_on_sheets_differ",
                    ),
                ],
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
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="dialogue.panel",
                        verbose_name="panel",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
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
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
            ],
            options={
                "verbose_name": "member of a panel",
                "verbose_name_plural": "members of panels",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("panel", "number"), name="numbers_of_a_panel_s_members_differ"
                    )
                ],
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
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="dialogue.panel",
                        verbose_name="panel",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="place in the list")),
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
                ("text", tessera.apps.network.local_text.LocalTextField(verbose_name="text")),
            ],
            options={
                "verbose_name": "item of a panel",
                "verbose_name_plural": "items of panels",
                "ordering": ["place", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("theme__isnull", False)),
                        fields=("panel", "theme"),
                        name="a_panel_weighs_a_theme_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declarations",
                        to="dialogue.participant",
                    ),
                ),
                (
                    "attribute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declarations",
                        to="dialogue.attribute",
                    ),
                ),
                (
                    "value",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declarations",
                        to="dialogue.attributevalue",
                    ),
                ),
            ],
            options={
                "verbose_name": "declaration about oneself",
                "verbose_name_plural": "declarations about oneself",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("participant", "attribute"), name="a_participant_answers_about_oneself_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionParticipant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "held_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="dialogue.session",
                        verbose_name="session",
                    ),
                ),
                ("code", models.CharField(max_length=8, verbose_name="code")),
                (
                    "stakeholder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="participants",
                        to="dialogue.stakeholder",
                        verbose_name="group or organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant of a session",
                "verbose_name_plural": "participants of sessions",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("held_in", "code"), name="codes_in_a_session_differ")
                ],
            },
        ),
        migrations.CreateModel(
            name="Moderation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moderations",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="moderations",
                        to="dialogue.statement",
                        verbose_name="statement",
                    ),
                ),
                ("number", models.PositiveBigIntegerField(verbose_name="number of the statement")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("pending", "waiting"), ("shown", "shown"), ("hidden", "hidden")],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("personal", "it names or describes a person, or gives a way to reach one"),
                            ("hostile", "it insults, threatens or disparages people"),
                            ("off-topic", "it is not about what the consultation asks"),
                            (
                                "unclear",
                                "one cannot simply agree or disagree: it asks, or says several things",
                            ),
                            ("repeated", "another statement says the same"),
                            ("unlawful", "it breaks the law"),
                            ("elsewhere", "it was taken out where the votes come from"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moderations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="decided on")),
                (
                    "is_appealed",
                    models.BooleanField(
                        default=False,
                        help_text="it stays so when the words of the appeal are erased",
                        verbose_name="appealed",
                    ),
                ),
                (
                    "is_granted",
                    models.BooleanField(
                        help_text="unknown until the appeal is answered",
                        null=True,
                        verbose_name="appeal granted",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision about a statement",
                "verbose_name_plural": "decisions about statements",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_appealed", False), ("is_granted__isnull", True)),
                            models.Q(("is_appealed", True), ("outcome", "hidden")),
                            _connector="OR",
                        ),
                        name="only_hiding_is_appealed_and_only_appeals_are_granted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "hidden"), models.Q(("reason", ""), _negated=True)),
                            models.Q(("outcome", "shown"), ("reason", "")),
                            _connector="OR",
                        ),
                        name="who_hides_a_statement_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="dialogue.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="dialogue.statement",
                        verbose_name="statement",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("personal", "it names or describes a person, or gives a way to reach one"),
                            ("hostile", "it insults, threatens or disparages people"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of a statement",
                "verbose_name_plural": "reports of statements",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("participant", "statement"), name="a_participant_reports_a_statement_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PrintedStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "printing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="dialogue.printing",
                        verbose_name="printing of sheets",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="place on the sheet")),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="printed",
                        to="dialogue.statement",
                        verbose_name="statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a sheet",
                "verbose_name_plural": "lines of sheets",
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("printing", "place"), name="a_place_on_a_sheet_has_one_statement"
                    ),
                    models.UniqueConstraint(
                        fields=("printing", "statement"), name="a_sheet_has_a_statement_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disposition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dispositions",
                        to="dialogue.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "theme",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="disposition",
                        to="dialogue.theme",
                        verbose_name="theme",
                    ),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="disposition",
                        to="dialogue.statement",
                        verbose_name="statement",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("adopted", "we do it"),
                            ("partly", "we do a part of it"),
                            ("not-adopted", "we do not do it"),
                        ],
                        max_length=12,
                        verbose_name="what became of it",
                    ),
                ),
                ("reason", tessera.apps.network.local_text.LocalTextField(verbose_name="reason")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispositions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("decided_on", models.DateField(verbose_name="decided on")),
            ],
            options={
                "verbose_name": "disposition",
                "verbose_name_plural": "dispositions",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("statement__isnull", True), ("theme__isnull", False)),
                            models.Q(("statement__isnull", False), ("theme__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_disposition_is_about_a_theme_or_a_statement",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="dialogue.statement",
                        verbose_name="statement",
                    ),
                ),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                ("text", models.TextField(max_length=560, verbose_name="text")),
                (
                    "source_digest",
                    models.CharField(editable=False, max_length=64, verbose_name="what was translated"),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations_of_statements",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="translated by",
                    ),
                ),
                (
                    "machine",
                    models.CharField(
                        blank=True,
                        help_text="the program, where no person translated it",
                        max_length=60,
                        verbose_name="machine",
                    ),
                ),
            ],
            options={
                "verbose_name": "translation of a statement",
                "verbose_name_plural": "translations of statements",
                "ordering": ["statement", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "language"), name="a_statement_is_put_into_a_language_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("machine", ""), ("written_by__isnull", False)),
                            models.Q(("written_by__isnull", True), models.Q(("machine", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_translation_is_by_a_person_or_a_machine",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "participant_id",
                        "statement_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="dialogue.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="dialogue.statement",
                        verbose_name="statement",
                    ),
                ),
                (
                    "value",
                    models.SmallIntegerField(
                        choices=[(1, "agree"), (-1, "disagree"), (0, "pass")], verbose_name="vote"
                    ),
                ),
                (
                    "recent_keys",
                    models.CharField(
                        editable=False,
                        help_text="of the acts that last set it, so that one that comes again does nothing",
                        max_length=128,
                    ),
                ),
                (
                    "is_counted",
                    models.BooleanField(
                        default=False, editable=False, help_text="as it stands, in the sums of the landscape"
                    ),
                ),
            ],
            options={
                "verbose_name": "vote",
                "verbose_name_plural": "votes",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_counted", False)),
                        fields=["statement"],
                        name="dialogue_votes_to_count",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("value__in", [1, 0, -1])),
                        name="a_vote_agrees_disagrees_or_passes",
                    )
                ],
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="picks",
                        to="dialogue.panelround",
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
            ],
            options={
                "verbose_name": "pick of the most and the least important",
                "verbose_name_plural": "picks of the most and the least important",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "member", "task"), name="a_task_is_answered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("best", models.F("worst")), _negated=True),
                        name="the_most_is_not_the_least_important",
                    ),
                ],
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="dialogue.panelround",
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="dialogue.panelitem",
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
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "member", "item"), name="a_member_rates_an_item_once_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__isnull", True),
                            models.Q(("value__gte", 1), ("value__lte", 9)),
                            _connector="OR",
                        ),
                        name="a_rating_is_from_1_to_9",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "held_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="dialogue.session",
                        verbose_name="session",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        blank=True,
                        help_text="empty for several people, and for what was seen",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="dialogue.sessionparticipant",
                        verbose_name="who said it",
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="text")),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="session_notes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="of the form that brought it, so that it comes once",
                        max_length=32,
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("held_in", "key"),
                        name="a_form_brings_a_note_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "moderation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeal",
                        to="dialogue.moderation",
                        verbose_name="decision",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeals",
                        to="dialogue.participant",
                        verbose_name="participant",
                    ),
                ),
                ("words", models.TextField(max_length=500, verbose_name="what they say")),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                ("made_on", models.DateField(verbose_name="made on")),
                ("answer", models.TextField(blank=True, max_length=500, verbose_name="answer")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals_answered",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="answered on")),
            ],
            options={
                "verbose_name": "appeal",
                "verbose_name_plural": "appeals",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""), ("answered_by__isnull", True), ("answered_on__isnull", True)
                            ),
                            models.Q(
                                ("answered_by__isnull", False),
                                ("answered_on__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_appeal_is_answered_in_words_or_not_yet",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Excerpt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="excerpts",
                        to="dialogue.note",
                        verbose_name="note",
                    ),
                ),
                (
                    "starts",
                    models.PositiveIntegerField(help_text="counted from 0", verbose_name="first letter"),
                ),
                ("ends", models.PositiveIntegerField(verbose_name="letter after the last")),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="excerpts_marked",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="marked by",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        help_text="that it is about",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="excerpts",
                        to="review.finding",
                        verbose_name="finding",
                    ),
                ),
                (
                    "quote",
                    tessera.apps.network.local_text.LocalTextField(
                        blank=True,
                        help_text="as everybody may read it; empty as long as it is not cleared",
                        null=True,
                        verbose_name="quotation",
                    ),
                ),
                (
                    "cleared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes_cleared",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cleared by",
                    ),
                ),
            ],
            options={
                "verbose_name": "excerpt",
                "verbose_name_plural": "excerpts",
                "ordering": ["note", "starts", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("starts"))), name="an_excerpt_has_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cleared_by__isnull", True), ("quote__isnull", True)),
                            models.Q(("cleared_by__isnull", False), ("quote__isnull", False)),
                            _connector="OR",
                        ),
                        name="somebody_cleared_a_quotation",
                    ),
                    models.UniqueConstraint(
                        fields=("note", "starts", "ends"), name="an_excerpt_is_marked_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteTranslation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="dialogue.note",
                        verbose_name="note",
                    ),
                ),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                ("text", models.TextField(max_length=8000, verbose_name="text")),
                (
                    "source_digest",
                    models.CharField(editable=False, max_length=64, verbose_name="what was translated"),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes_translated",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="translated by",
                    ),
                ),
            ],
            options={
                "verbose_name": "translation of a note",
                "verbose_name_plural": "translations of notes",
                "ordering": ["note", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("note", "language"), name="a_note_is_put_into_a_language_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Coding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "excerpt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codings",
                        to="dialogue.excerpt",
                        verbose_name="excerpt",
                    ),
                ),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="coder",
                    ),
                ),
                (
                    "codes",
                    models.ManyToManyField(
                        blank=True, related_name="codings", to="dialogue.code", verbose_name="codes"
                    ),
                ),
            ],
            options={
                "verbose_name": "coding",
                "verbose_name_plural": "codings",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("excerpt", "coder"), name="a_person_codes_an_excerpt_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemeBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bases",
                        to="dialogue.theme",
                        verbose_name="theme",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="theme_bases",
                        to="review.finding",
                        verbose_name="finding",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="theme_bases",
                        to="dialogue.statement",
                        verbose_name="statement",
                    ),
                ),
                (
                    "excerpt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="theme_bases",
                        to="dialogue.excerpt",
                        verbose_name="excerpt",
                    ),
                ),
            ],
            options={
                "verbose_name": "basis of a theme",
                "verbose_name_plural": "bases of themes",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("excerpt__isnull", True),
                                ("finding__isnull", False),
                                ("statement__isnull", True),
                            ),
                            models.Q(
                                ("excerpt__isnull", True),
                                ("finding__isnull", True),
                                ("statement__isnull", False),
                            ),
                            models.Q(
                                ("excerpt__isnull", False),
                                ("finding__isnull", True),
                                ("statement__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_theme_rests_on_one_thing_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finding__isnull", False)),
                        fields=("theme", "finding"),
                        name="a_theme_rests_on_a_finding_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("statement__isnull", False)),
                        fields=("theme", "statement"),
                        name="a_theme_rests_on_a_statement_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("excerpt__isnull", False)),
                        fields=("theme", "excerpt"),
                        name="a_theme_rests_on_an_excerpt_once",
                    ),
                ],
            },
        ),
    ]
