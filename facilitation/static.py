from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, with the imports between our ES modules rewritten to the hashed names."""

    support_js_module_import_aggregation = True
