"""DSPy programs from the host's description (``runtime/router/engine.ts``, ``Program``), and their runs.

A program is built once for its content hash; what belongs to one call (the LM, the tools) is bound to a shallow copy.
"""

from __future__ import annotations

import copy
import inspect
from collections import OrderedDict
from contextlib import AbstractContextManager
from typing import Any, Final

import dspy
from dspy.utils.exceptions import AdapterParseError

from dspex_worker import codec, modules
from dspex_worker.calls import Call
from dspex_worker.lm_engine import HostLM
from dspex_worker.signatures import build_signature

DSPY_VERSION: Final = str(dspy.__version__)
_CACHE: Final = 256
_ADAPTERS: Final = {"chat": dspy.ChatAdapter, "json": dspy.JSONAdapter, "xml": dspy.XMLAdapter}
# LMConfig's names (runtime/lm/lm.ts) and DSPy's.
_CONFIG: Final = {
    "temperature": "temperature", "maxTokens": "max_tokens", "topP": "top_p", "n": "n", "stop": "stop", "seed": "seed",
    "rolloutId": "rollout_id",
}  # fmt: skip

codec.builders["Image"] = dspy.Image
codec.builders["History"] = lambda turns: dspy.History(messages=turns)
codec.describers[dspy.Image] = lambda image: ("Image", image.url)
codec.describers[dspy.History] = lambda history: ("History", history.messages)


class Programs:
    """The programs a worker knows, the least recently used going first."""

    def __init__(self) -> None:
        self._built: OrderedDict[str, Any] = OrderedDict()

    def bound(self, call: Call, asynchronous: bool) -> Any:
        """The program of ``call``, with its tools answering to it."""
        args = call.spec.args
        digest = args["hash"]
        program = self._built.get(digest)
        if program is None:
            spec = args.get("program")
            if spec is None:
                raise UnknownProgram(digest)
            program = self._built[digest] = build_program(spec)
            if len(self._built) > _CACHE:
                self._built.popitem(last=False)
        else:
            self._built.move_to_end(digest)
        tools = args.get("tools")
        return with_tools(program, call, tools, asynchronous) if tools else program


class UnknownProgram(Exception):
    """The host thought we knew it; it sends the description with the next try."""

    dspex_kind = "unknown_program"


def build_program(spec: dict[str, Any]) -> Any:
    kind, settings = spec["kind"], spec.get("settings") or {}
    if kind == "module":
        program = modules.construct(spec["module"]["path"], spec["module"].get("config") or {})
    else:
        signature = build_signature(spec["signature"])
        program = _BUILDERS[kind](signature, settings, spec)
    apply_state(program, spec.get("predictors") or {})
    return program


def _placeholder_tools(spec: dict[str, Any]) -> list[dspy.Tool]:
    return [make_tool(tool, lambda **_: None) for tool in spec.get("tools") or []]


_BUILDERS: Final[dict[str, Any]] = {
    "predict": lambda signature, _settings, _spec: dspy.Predict(signature),
    "chainOfThought": lambda signature, _settings, _spec: dspy.ChainOfThought(signature),
    "react": lambda signature, settings, spec: dspy.ReAct(
        signature, tools=_placeholder_tools(spec), max_iters=settings.get("maxIters", 20)
    ),
    "multiChainComparison": lambda signature, settings, _spec: dspy.MultiChainComparison(signature, M=settings.get("m", 3)),
}


def apply_state(program: Any, predictors: dict[str, Any]) -> None:
    """Instructions, demos, field texts and settings, by DSPy's path. Only these: a state file is not a way to set anything else."""
    for path, predictor in program.named_predictors():
        state = predictors.get(path)
        if not state:
            continue
        signature = predictor.signature
        if "instructions" in state or "fields" in state:
            saved = signature.dump_state()
            fields = state.get("fields") or saved["fields"]
            signature = signature.load_state({"instructions": state.get("instructions", saved["instructions"]), "fields": fields})
            predictor.signature = signature
        if "demos" in state:
            predictor.demos = list(state["demos"])
        if state.get("config"):
            predictor.update_config(**lm_defaults(state["config"]))


def lm_defaults(config: dict[str, Any]) -> dict[str, Any]:
    return {_CONFIG[key]: value for key, value in config.items() if key in _CONFIG and value is not None}


def make_tool(spec: dict[str, Any], function: Any) -> dspy.Tool:
    """A tool whose schema is the host's: DSPy prints it as given and checks arguments against it."""
    names = [parameter["name"] for parameter in spec["parameters"]]
    function.__name__ = spec["name"]
    function.__doc__ = spec.get("description")
    function.__signature__ = inspect.Signature([inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in names])
    args = {
        parameter["name"]: {**parameter["schema"], **({"default": parameter["default"]} if "default" in parameter else {})}
        for parameter in spec["parameters"]
    }
    return dspy.Tool(function, name=spec["name"], desc=spec.get("description"), args=args, arg_types=dict.fromkeys(names, Any))


def with_tools(program: Any, call: Call, tools: list[dict[str, Any]], asynchronous: bool) -> Any:
    bound = copy.copy(program)
    bound.tools = {**program.tools, **{tool["name"]: make_tool(tool, _caller(call, tool["name"], asynchronous)) for tool in tools}}
    return bound


def _caller(call: Call, name: str, asynchronous: bool) -> Any:
    if asynchronous:

        async def ask_async(**args: Any) -> Any:
            return await call.ask_async("tool", name, args)

        return ask_async

    def ask(**args: Any) -> Any:
        return call.ask("tool", name, args)

    return ask


def context_of(call: Call) -> AbstractContextManager[Any]:
    """Everything DSPy shall know for this call, and for no other."""
    args = call.spec.args
    lm = HostLM(call, **lm_defaults(args.get("config") or {}))
    adapter = _ADAPTERS[args.get("adapter") or "chat"]()
    overrides: dict[str, Any] = {"lm": lm, "adapter": adapter}
    if args.get("trace"):
        overrides["max_trace_size"] = 10_000
    context: AbstractContextManager[Any] = dspy.context(**overrides)
    return context


def run(call: Call, programs: Programs) -> dict[str, Any]:
    program = programs.bound(call, asynchronous=False)
    with context_of(call):
        try:
            return describe(program(**inputs_of(call)))
        except AdapterParseError as error:
            raise _unparsable(error) from None


async def run_async(call: Call, programs: Programs) -> dict[str, Any]:
    program = programs.bound(call, asynchronous=True)
    with context_of(call):
        try:
            return describe(await program.acall(**inputs_of(call)))
        except AdapterParseError as error:
            raise _unparsable(error) from None


def inputs_of(call: Call) -> dict[str, Any]:
    inputs: dict[str, Any] = call.spec.args["inputs"]
    return inputs


def describe(prediction: Any) -> dict[str, Any]:
    """A prediction as the host takes it; names apart from values, since any name may be a field's."""
    if not isinstance(prediction, dspy.Prediction):
        return {"value": prediction}
    names = list(prediction.keys())
    body: dict[str, Any] = {"names": names, "values": [prediction[name] for name in names]}
    completions = getattr(prediction, "_completions", None)
    if completions is not None and len(completions) > 1:
        columns = dict(completions.items())
        body["completions"] = {"names": list(columns), "rows": [list(row) for row in zip(*columns.values(), strict=True)]}
    return body


def _unparsable(error: AdapterParseError) -> AdapterParseError:
    error.dspex_kind = "completion_unparsable"
    error.dspex_details = {"completion": str(error.lm_response)[:16_384]}
    return error


def warm() -> None:
    """Once, before the fork: settings that only the first thread may make, and a first Predict, whose imports all share."""
    dspy.configure(adapter=dspy.ChatAdapter(), disable_history=True, max_trace_size=0, warn_on_type_mismatch=False)
    dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=False)
    spec = {
        "name": "Warm",
        "inputs": [{"name": "question", "type": "str"}],
        "outputs": [{"name": "answer", "type": {"kind": "literal", "values": ["yes", "no"]}}],
    }
    program = dspy.ChainOfThought(build_signature(spec))
    lm = dspy.utils.DummyLM([{"reasoning": "r", "answer": "yes"}])
    with dspy.context(lm=lm):
        program(question="q")
