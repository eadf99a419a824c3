"""The one thing the outside hears from `commands`, after the commit."""

from django.dispatch import Signal

# Sent with `code` (of the GroupSession) and `kind`: "state" when the walk or the plan changed, "counts" when only
# who is in or who voted changed.
session_changed = Signal()
