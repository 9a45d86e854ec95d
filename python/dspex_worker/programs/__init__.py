"""DSPy programs from the host's description (``runtime/router/engine.ts``, ``Program``), and their runs.

The only folder that imports dspy. A program is built once for its content hash; what belongs to one call (the LM, the
tools) is bound to a shallow copy.
"""
