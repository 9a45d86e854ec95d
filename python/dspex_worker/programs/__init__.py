"""DSPy programs from the host's description (``runtime/router/engine.ts``, ``Program``), and their runs.

The only folder that imports dspy. A program is built once for its content hash; what belongs to one call (the LM, the
tools) is bound to a shallow copy.
"""

# Before all that is ours: a fifth more of its import's time is the price of coming in the middle (750 ms against 930).
import dspy  # noqa: F401
