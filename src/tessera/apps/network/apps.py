from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "tessera.apps.network"

    def ready(self) -> None:
        # Models can be imported only once every app is known.
        from tessera.apps.network import models
        from tessera.apps.records.trail import keep_trail

        for model in (
            models.City,
            models.CityFact,
            models.Membership,
            models.Network,
            models.Organisation,
            models.Representation,
            models.Role,
            models.Tie,
        ):
            keep_trail(model)
