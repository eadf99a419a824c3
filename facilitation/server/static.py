"""Files as they are served: hashed, compressed, and without what only a reader of the source needs."""

import re
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

COMMENT = re.compile(rb"^[ \t]*// .*\n|[ \t]+// .*$", re.MULTILINE)


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, with the imports between our ES modules rewritten to the hashed names.

    Comments stay behind: a hall shares one weak connection, and who wants to read them reads the source.
    """

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: Any) -> str:
        if name.endswith(".js"):
            content = ContentFile(COMMENT.sub(b"", b"".join(content.chunks())))
        return super()._save(name, content)
