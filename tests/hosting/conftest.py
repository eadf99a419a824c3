"""Installations as people make them."""

from tests.browser import prepared, static_root  # noqa: F401  fixtures
