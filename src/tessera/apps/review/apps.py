from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "tessera.apps.review"

    def ready(self) -> None:
        # Models can be imported only once every app is known.
        from tessera.apps.records.trail import keep_trail
        from tessera.apps.review import models

        for model in (
            models.Answer,
            models.Appointment,
            models.CityReply,
            models.Correction,
            models.Cycle,
            models.Evidence,
            models.EvidenceUse,
            models.OpenedAnswer,
            models.Query,
            models.QueryMessage,
            models.Review,
            models.Sharing,
            models.Signature,
            models.Verification,
        ):
            keep_trail(model)
        # The city reads its trail, and opinions only once the review is validated.
        judged = ["accepts", "value", "not_applicable", "reason"]
        keep_trail(models.Opinion, leave_out=[*judged, "strength"])
        keep_trail(models.Reconciliation, leave_out=judged)
        # As are findings, but for those of a draft.
        keep_trail(models.Finding, leave_out=["kind", "text", "next_step"])
        keep_trail(models.FindingBasis, leave_out=["area", "question", "evidence"])
        keep_trail(models.Draft, leave_out=["words_json"])
        # That the officers were told of it is nothing that anybody did.
        keep_trail(models.AreaWork, without=["told_on"])
        # The row's name says who has the area, as far as the city knows.
        keep_trail(models.Assignment, without=["person"])
        # The frozen answers are long, and never change; that they were frozen is enough.
        keep_trail(models.Publication, leave_out=["sheet_json", "profile_json", "words_json"])
