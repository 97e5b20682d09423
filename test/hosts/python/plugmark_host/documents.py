"""Section 6: which role may list a document, its format, and that all of them are of one registry."""
from .plain import parse, schema, shaped
from .refusal import require

# The registry serves these schemas under schemas/; they say what the tables of section 6 say.
SCHEMAS = {
    "publishers.json": "verified-publishers",
    "cosign-keys.json": "cosign-keys",
    "upstreams.json": "upstreams",
    "revocations.json": "revocations",
    "plugins/": "package-document",
}
VALIDATORS = {name: schema(f"schemas/json/{file}.schema.json") for name, file in SCHEMAS.items()}


def read_target(metadata, path):
    """DOC1, DOC2, DOC8."""
    package = path.startswith("plugins/")
    found = metadata.find(path)
    require(found is not None, "PLUGIN_UNKNOWN" if package else "DOCUMENT_MISSING", path)
    role, target = found
    wanted = "revocations" if path == "revocations.json" else "targets"
    right = role == "documents" or role.startswith("documents-") if package else role == wanted
    require(right, "DOCUMENT_MISSING" if path == "trusted_root.json" else "DOCUMENT_MISMATCH", f"{path} from {role}")
    require(target.length <= 10_000_000, "TOO_LARGE", path)
    return metadata.read(path, target)


def read_document(metadata, path, registry=None):
    """DOC3 to DOC7."""
    value = parse(read_target(metadata, path), "DOCUMENT_MALFORMED")
    require(isinstance(value, dict), "DOCUMENT_MALFORMED", path)
    said = value.get("schemaVersion")
    require(said == 1 and said is not True, "DOCUMENT_VERSION", path)
    kind = "plugins/" if path.startswith("plugins/") else path
    if kind in VALIDATORS:
        shaped(VALIDATORS[kind], value, "DOCUMENT_MALFORMED")
        require(registry is None or value["registry"] == registry, "DOCUMENT_MISMATCH", path)
    if kind == "plugins/":
        plugin, releases = path.removeprefix("plugins/").removesuffix(".json"), value["releases"]
        named = [value["plugin"], *(one["release"]["plugin"] for one in releases)]
        require(set(named) == {plugin}, "DOCUMENT_MISMATCH", path)
        versions = {one["release"]["version"] for one in releases}
        require(len(versions) == len(releases), "DOCUMENT_MISMATCH", "a version twice")
    return value
