"""An edition never changes; the same content twice is the same edition."""

import msgspec
import pytest
from django.core.management import CommandError, call_command

from content.editions import load_library, newest_edition, publish_library
from content.languages import BASE
from content.models import Edition
from content.problems import ContentError


@pytest.fixture(autouse=True)
def _forget_editions():
    """These tests publish other content, under ids that come back."""
    load_library.cache_clear()
    yield
    load_library.cache_clear()


def change_a_word(shipped):
    tree = msgspec.structs.replace(shipped.trees[0], title="Samen op pad")
    return msgspec.structs.replace(shipped, trees=(tree, *shipped.trees[1:]))


def test_what_was_published_is_what_is_read(edition, shipped):
    assert load_library(edition.pk, BASE) == shipped


def test_the_same_content_published_again_is_the_same_edition(edition, shipped):
    assert publish_library(shipped) == (edition, False)


def test_changed_content_is_a_new_edition_and_the_old_one_reads_the_same(edition, shipped):
    new, is_new = publish_library(change_a_word(shipped))
    assert (is_new, newest_edition().pk) == (True, new.pk)
    assert load_library(edition.pk, BASE) == shipped
    assert load_library(new.pk, BASE).trees[0].title == "Samen op pad"


def test_a_session_stays_with_the_edition_it_began_with(session, shipped):
    publish_library(change_a_word(shipped))
    session.refresh_from_db()
    assert load_library(session.edition_id, BASE) == shipped


def test_an_edition_refuses_to_be_changed(edition):
    with pytest.raises(TypeError, match="never changes"):
        edition.save()


def test_content_that_breaks_a_rule_is_not_published(edition, shipped):
    count = Edition.objects.count()
    broken = msgspec.structs.replace(shipped, trees=shipped.trees[:3])
    with pytest.raises(ContentError):
        publish_library(broken)
    assert Edition.objects.count() == count


def test_without_content_the_way_to_get_it_is_said(db):
    Edition.objects.all()._raw_delete("default")
    with pytest.raises(Edition.DoesNotExist, match="publish_content"):
        newest_edition()


def test_a_folder_that_is_not_there_is_one_clear_line(db, tmp_path):
    with pytest.raises(CommandError, match=r"rollen\.yaml|niet"):
        call_command("publish_content", folder=tmp_path / "leeg")
