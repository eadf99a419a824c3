from django.apps import AppConfig


class FacilitationConfig(AppConfig):
    name = "facilitation"
    verbose_name = "Begeleiden"

    def ready(self) -> None:
        from facilitation import rights
        from facilitation.live import layer
        from facilitation.server import checks  # noqa: F401  registers the system checks

        layer.listen_to_commands()
        rights.listen_to_rights()
