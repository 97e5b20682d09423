"""python-tuf's own client over a registry: downloads every target that is listed, and refuses what is served with a bit turned.

Arguments: address, root file, folder for what it keeps, target paths in a JSON file. Prints {"version", "accepted", "refused"}.
"""
import importlib.metadata
import json
import sys
import tempfile
from pathlib import Path

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.ngclient import Updater

url, root, folder, listed = sys.argv[1:]
updater = Updater(
    metadata_dir=folder,
    metadata_base_url=f"{url}metadata/",
    target_dir=tempfile.mkdtemp(dir=folder),
    target_base_url=f"{url}targets/",
    bootstrap=Path(root).read_bytes(),
)
updater.refresh()
accepted = refused = 0
for path in json.loads(Path(listed).read_text()):
    info = updater.get_targetinfo(path)
    if info is None:
        sys.exit(f"{path} is not found")
    data = Path(updater.download_target(info)).read_bytes()
    accepted += 1
    try:
        info.verify_length_and_hashes(bytes([data[0] ^ 1]) + data[1:])
    except LengthOrHashMismatchError:
        refused += 1
if updater.get_targetinfo("plugins/nobody/nothing.json") is not None:
    sys.exit("a plugin that nobody lists was found")
print(json.dumps({"version": importlib.metadata.version("tuf"), "accepted": accepted, "refused": refused}))
