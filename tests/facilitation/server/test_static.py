"""What is served of a script: all that it does, and no comment."""

import gzip

from django.core.files.base import ContentFile

from facilitation.server.static import ModuleStaticFilesStorage

SOURCE = b"""// Written for who reads it.
import { start } from "./live.js";
const address = "http://zaal.test/a"; // with two slashes of its own
  // More words.
start(address.replace(/\\/\\//, "/"));
"""
SERVED = b"""import { start } from "./live.js";
const address = "http://zaal.test/a";
start(address.replace(/\\/\\//, "/"));
"""


def test_comments_of_a_script_stay_at_home_and_its_words_do_not(tmp_path):
    storage = ModuleStaticFilesStorage(location=tmp_path)
    for name, served in (("js/x.js", SERVED), ("css/x.css", SOURCE)):
        storage.save(name, ContentFile(SOURCE))
        assert (tmp_path / name).read_bytes() == served
    assert len(gzip.compress(SERVED)) < len(gzip.compress(SOURCE))
