"""What `sessions.words` says, for a template."""

from collections.abc import Callable

from django import template

from facilitation.messages import explain
from sessions import words
from sessions.rules.refusals import Reason

register = template.Library()

FILTERS: dict[str, Callable[..., str]] = {
    "blank_label": words.label_blank,
    "count_helpers": words.count_helpers,
    "count_voice": words.count_voice,
    "day": words.say_day,
    "days_held": words.say_held,
    "end_sentence": words.end_sentence,
    "held_back": words.say_held_back,
    "evidence": words.say_evidence,
    "full_day": words.say_full_day,
    "help_name": words.name_help,
    "helps": words.list_helps,
    "how": words.say_how,
    "kind_name": words.name_kind,
    "letters_in_words": words.join_words,
    "lines_in_one": words.join_lines,
    "letters_of": words.list_letters,
    "next_time": words.say_next_time,
    "number": words.say_number,
    "one_more": words.ask_one_more,
    "one_name": words.name_one,
    "ordinal": words.say_ordinal,
    "phase_name": words.name_phase_in_short,
    "phases_in_words": words.name_phases,
    "role_in_short": words.name_role_in_short,
    "roles_in_short": words.name_roles_in_short,
    "roles_in_words": words.name_roles,
    "said": words.say_line,
    "short_day": words.say_short_day,
    "since": words.say_since,
    "sorted_as": words.say_sorted,
    "state": words.name_state,
    "sources": words.say_sources,
    "sources_in_words": words.name_sources,
    "supported": words.say_supported,
    "tie": words.say_tie,
    "verdict": words.say_verdict,
    "voice_in_short": words.name_voice_in_short,
    "voice_words": words.name_voice,
    "vote_word": words.name_votes,
    "wait": words.say_wait,
    "waiting": words.name_waiting,
    "who": words.say_who,
}
for name, say in FILTERS.items():
    register.filter(name, say)

register.simple_tag(words.say_only_total, name="only_total")


@register.simple_tag(name="explain")
def show_explanation(code: str) -> str:
    """The sentence of a refusal, for a script that says it before asking the server."""
    return explain(Reason(code))
