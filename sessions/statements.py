"""Statements that are written out: for what a hall asks hundreds of times a second. Only names of tables are put in."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def table(model: type[models.Model]) -> str:
    """The name of its table, as it stands in a statement."""
    return connection.ops.quote_name(model._meta.db_table)


def ask(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement gives. Values travel beside it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
