"""Who does something in a test."""

from sessions.rules.actors import Actor

LEADER = Actor("member", key=1, name="Sanne")
