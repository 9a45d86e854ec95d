"""DSPy signatures from the compiler's description (``runtime/spec.ts``, ``SignatureSpec``)."""

from __future__ import annotations

from typing import Any

import dspy

from dspex_worker.programs.types import TypeBuilder, constant

Signature = type[dspy.Signature]


def build_signature(spec: dict[str, Any]) -> Signature:
    """The class ``dspy.Signature`` would have made of the literal's text."""
    types = TypeBuilder()
    fields: dict[str, Any] = {}
    for field in spec["inputs"]:
        options = _options(field)
        if "default" in field:
            options["default"] = constant(field["default"])
        fields[field["name"]] = (types.build(field["type"]), dspy.InputField(**options))
    for field in spec["outputs"]:
        fields[field["name"]] = (types.build(field["type"]), dspy.OutputField(**_options(field)))
    # DSPy cleans the text on every read, which is not idempotent; a leading line break makes the first one harmless.
    docstring = spec.get("docstring")
    instructions = None if docstring is None else f"\n{docstring}"
    signature: Signature = dspy.Signature(fields, instructions, signature_name=spec["name"] or "StringSignature")
    return signature


def _options(field: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {name: constant(bound) for name, bound in (field.get("constraints") or {}).items()}
    if "desc" in field:
        options["desc"] = field["desc"]
    return options
