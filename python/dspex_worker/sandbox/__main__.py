"""``python -m dspex_worker.sandbox``: the probe as JSON, for doctor."""

import json

from dspex_worker.sandbox.probe import probe

print(json.dumps(probe()))
