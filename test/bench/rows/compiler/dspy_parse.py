"""Microseconds DSPy takes to read a signature text: its parser alone, without making the class. Texts on stdin, one JSON string a line."""

import json
import sys
import time

from dspy.signatures.signature import _parse_signature

texts = [json.loads(line) for line in sys.stdin]
rounds = []
for _ in range(7):
    start = time.perf_counter()
    for text in texts:
        _parse_signature(text)
    rounds.append((time.perf_counter() - start) * 1e6 / len(texts))
print(sorted(rounds)[len(rounds) // 2])
