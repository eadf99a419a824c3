from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "live_sessions"  # django.contrib.sessions owns "sessions"
    verbose_name = "Bijeenkomsten"
