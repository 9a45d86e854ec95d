"""A program as DSPy's module: one of DSPy's own kinds, or a user's."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Final

import dspy

from dspex_worker import modules
from dspex_worker.programs.signatures import build_signature
from dspex_worker.programs.state import apply_state
from dspex_worker.programs.tools import make_tool, unbound


@dataclass
class Built:
    """What can be kept between calls: the module, or the module inside one that is made for each call."""

    spec: dict[str, Any]
    module: Any
    inner: Built | None = None


def build_program(spec: dict[str, Any]) -> Built:
    kind, settings = spec["kind"], spec.get("settings") or {}
    if kind in ("bestOfN", "refine"):
        inner = build_program(settings["inner"])
        apply_state(inner.module, spec.get("predictors") or {})
        return Built(spec, None, inner)
    if kind == "module":
        module = modules.construct(spec["module"]["path"], spec["module"].get("config") or {})
    else:
        with warnings.catch_warnings():
            # ProgramOfThought and CodeAct say that they go in 3.5; the host's own documentation says so too.
            warnings.simplefilter("ignore", DeprecationWarning)
            module = _BUILDERS[kind](build_signature(spec["signature"]), settings, spec)
    if isinstance(module, dspy.Module):
        apply_state(module, spec.get("predictors") or {})
    return Built(spec, module)


def _tools(spec: dict[str, Any]) -> list[dspy.Tool]:
    """For the prompt; what they do is bound to a call."""
    return [make_tool(tool, unbound()) for tool in spec.get("tools") or []]


def given(settings: dict[str, Any], **names: str) -> dict[str, Any]:
    """The settings that were given, under DSPy's names; its defaults are its own."""
    return {theirs: settings[ours] for ours, theirs in names.items() if settings.get(ours) is not None}


_BUILDERS: Final[dict[str, Any]] = {
    "predict": lambda signature, _settings, _spec: dspy.Predict(signature),
    "chainOfThought": lambda signature, _settings, _spec: dspy.ChainOfThought(signature),
    "react": lambda signature, settings, spec: dspy.ReAct(signature, tools=_tools(spec), **given(settings, maxIters="max_iters")),
    "programOfThought": lambda signature, settings, _spec: dspy.ProgramOfThought(
        signature, **given(settings, maxIters="max_iters")
    ),
    "codeAct": lambda signature, settings, spec: dspy.CodeAct(
        signature, tools=_tools(spec), **given(settings, maxIters="max_iters")
    ),
    "rlm": lambda signature, settings, spec: dspy.RLM(
        signature,
        tools=_tools(spec),
        **given(settings, maxIters="max_iters", maxLlmCalls="max_llm_calls", maxOutputChars="max_output_chars"),
    ),
    "multiChainComparison": lambda signature, settings, _spec: dspy.MultiChainComparison(signature, **given(settings, m="M")),
}
