from django.apps import AppConfig


class DialogueConfig(AppConfig):
    name = "tessera.apps.dialogue"

    def ready(self) -> None:
        # Models can be imported only once every app is known.
        from tessera.apps.dialogue import models
        from tessera.apps.records.trail import keep_trail

        # What staff do. What participants do leaves no entry: it would say at which second.
        for model in (
            models.Attribute,
            models.AttributeValue,
            models.BriefItem,
            models.Code,
            models.ConsentText,
            models.Disposition,
            models.Facilitation,
            models.Panel,
            models.PanelItem,
            models.PanelMember,
            models.PanelRound,
            models.Phase,
            models.PriorityArea,
            models.Session,
            models.SessionParticipant,
            models.Stakeholder,
            models.Printing,
            models.Stewardship,
            models.Theme,
            models.ThemeBasis,
            models.VotesTaken,
        ):
            keep_trail(model)
        # Nothing that lets somebody in, not even as a hash.
        keep_trail(models.Consultation, without=["trial_hash"])
        # The words of somebody go when they withdraw them, or when the clock says so: nothing keeps them.
        keep_trail(models.Note, leave_out=["text", "key"])
        keep_trail(models.NoteTranslation, leave_out=["text"])
        keep_trail(models.Excerpt, leave_out=["quote"])
        keep_trail(models.ContactSlip, leave_out=["name", "way"])
