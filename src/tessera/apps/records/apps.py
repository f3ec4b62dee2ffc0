from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_delete, post_save, pre_save


class RecordsConfig(AppConfig):
    name = "tessera.apps.records"

    def ready(self) -> None:
        # Models can be imported only once every app is known.
        from allauth.mfa.models import Authenticator
        from auditlog.models import LogEntry

        from tessera.apps.accounts.models import Invitation, Person
        from tessera.apps.records.acting import let_invited_act
        from tessera.apps.records.checks import a_site_can_send_mail
        from tessera.apps.records.files.storing import let_content_go
        from tessera.apps.records.models import StoredFile
        from tessera.apps.records.trail import keep_trail, prepare_entry, seal_after_commit

        checks.register(a_site_can_send_mail, checks.Tags.security, deploy=True)
        # Before the entry of the invitation itself is written.
        pre_save.connect(let_invited_act, sender=Invitation, dispatch_uid="let_invited_act")
        pre_save.connect(prepare_entry, sender=LogEntry, dispatch_uid="prepare_entry")
        post_save.connect(seal_after_commit, sender=LogEntry, dispatch_uid="seal_after_commit")
        post_delete.connect(let_content_go, sender=StoredFile, dispatch_uid="let_content_go")
        keep_trail(Person)
        keep_trail(Invitation)
        # Only that somebody has a second step, and of what kind.
        keep_trail(Authenticator, leave_out=["data", "created_at", "last_used_at"])
        keep_trail(StoredFile)
