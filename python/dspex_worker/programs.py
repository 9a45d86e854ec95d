"""DSPy programs from the host's description (``runtime/router/engine.ts``, ``Program``), and their runs.

A program is built once for its content hash; what belongs to one call (the LM, the tools) is bound to a shallow copy.
"""

from __future__ import annotations

import asyncio
import copy
import inspect
import threading
import time
import warnings
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final

import dspy
from dspy.primitives.code_interpreter import CodeInterpreterError
from dspy.utils.exceptions import AdapterParseError

from dspex_worker import codec, messages, modules
from dspex_worker.adapters import ADAPTERS
from dspex_worker.calls import Call
from dspex_worker.lanes import PromptLoop
from dspex_worker.lm_engine import HostLM
from dspex_worker.nursery import Nursery
from dspex_worker.signatures import build_signature

DSPY_VERSION: Final = str(dspy.__version__)
_CACHE: Final = 256
# LMConfig's names (runtime/lm/lm.ts) and DSPy's.
_CONFIG: Final = {
    "temperature": "temperature", "maxTokens": "max_tokens", "topP": "top_p", "n": "n", "stop": "stop", "seed": "seed",
    "rolloutId": "rollout_id",
}  # fmt: skip

codec.builders["Image"] = dspy.Image
codec.builders["History"] = lambda turns: dspy.History(messages=turns)
codec.describers[dspy.Image] = lambda image: ("Image", image.url)
codec.describers[dspy.History] = lambda history: ("History", history.messages)


#: Where model-written code gets its process; set in each worker, absent where workers are spawned.
nursery: Nursery | None = None


class UnknownProgram(Exception):
    """The host thought we knew it; it sends the description with the next try."""

    dspex_kind = "unknown_program"


class WrongLane(Exception):
    """A module without an asynchronous side would block the event loop; the host sends the call again."""

    dspex_kind = "wrong_lane"


@dataclass
class Built:
    """What can be kept between calls: the module, or the module inside one that is made for each call."""

    spec: dict[str, Any]
    module: Any
    inner: Built | None = None


class Programs:
    """The programs a worker knows, the least recently used going first."""

    def __init__(self) -> None:
        self._built: OrderedDict[str, Built] = OrderedDict()

    def of(self, call: Call) -> Built:
        args = call.spec.args
        digest = args["hash"]
        built = self._built.get(digest)
        if built is None:
            spec = args.get("program")
            if spec is None:
                raise UnknownProgram(digest)
            built = self._built[digest] = build_program(spec)
            if len(self._built) > _CACHE:
                self._built.popitem(last=False)
        else:
            self._built.move_to_end(digest)
        return built


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
    return [make_tool(tool, _unbound()) for tool in spec.get("tools") or []]


def _unbound() -> Any:
    def tool(**_: Any) -> None:
        return None

    return tool


def _given(settings: dict[str, Any], **names: str) -> dict[str, Any]:
    """The settings that were given, under DSPy's names; its defaults are its own."""
    return {theirs: settings[ours] for ours, theirs in names.items() if settings.get(ours) is not None}


_BUILDERS: Final[dict[str, Any]] = {
    "predict": lambda signature, _settings, _spec: dspy.Predict(signature),
    "chainOfThought": lambda signature, _settings, _spec: dspy.ChainOfThought(signature),
    "react": lambda signature, settings, spec: dspy.ReAct(signature, tools=_tools(spec), **_given(settings, maxIters="max_iters")),
    "programOfThought": lambda signature, settings, _spec: dspy.ProgramOfThought(
        signature, **_given(settings, maxIters="max_iters")
    ),
    "codeAct": lambda signature, settings, spec: dspy.CodeAct(
        signature, tools=_tools(spec), **_given(settings, maxIters="max_iters")
    ),
    "rlm": lambda signature, settings, spec: dspy.RLM(
        signature,
        tools=_tools(spec),
        **_given(settings, maxIters="max_iters", maxLlmCalls="max_llm_calls", maxOutputChars="max_output_chars"),
    ),
    "multiChainComparison": lambda signature, settings, _spec: dspy.MultiChainComparison(signature, **_given(settings, m="M")),
}


def bind(built: Built, call: Call, asynchronous: bool) -> Any:
    """The module for one call: its tools and rewards ask the host on behalf of that call."""
    kind, settings, tools = built.spec["kind"], built.spec.get("settings") or {}, built.spec.get("tools") or []
    if built.inner is not None:
        make = dspy.BestOfN if kind == "bestOfN" else dspy.Refine

        def reward(inputs: dict[str, Any], prediction: Any) -> float:
            return float(call.ask("function", "reward", [describe(prediction)]))

        return make(
            module=bind(built.inner, call, asynchronous=False),
            N=settings["n"],
            reward_fn=reward,
            threshold=settings["threshold"],
            **_given(settings, failCount="fail_count"),
        )
    if not tools:
        return built.module
    bound = copy.copy(built.module)
    made = {tool["name"]: make_tool(tool, _caller(call, tool["name"], asynchronous)) for tool in tools}
    if kind == "rlm":
        bound._user_tools = {**bound._user_tools, **made}
    else:
        bound.tools = {**bound.tools, **made}
    return bound


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


def _caller(call: Any, name: str, asynchronous: bool) -> Any:
    if asynchronous:

        async def ask_async(**args: Any) -> Any:
            return await call.ask_async("tool", name, args)

        return ask_async

    def ask(**args: Any) -> Any:
        return call.ask("tool", name, args)

    return ask


_TOOL_SOURCES: Final = {inspect.getsource(make) for make in (_unbound(), _caller(None, "", asynchronous=False))}


def context_of(call: Call, built: Built) -> AbstractContextManager[Any]:
    """Everything DSPy shall know for this call, and for no other."""
    args = call.spec.args
    lm = HostLM(call, **lm_defaults(args.get("config") or {}))
    adapter = ADAPTERS[args.get("adapter") or "chat"]()
    overrides: dict[str, Any] = {"lm": lm, "adapter": adapter, "interpreter_factory": lambda: CodeInterpreter(built, call)}
    if args.get("trace") or built.inner is not None:
        # BestOfN and Refine read the trace of their attempts; it is this call's own list.
        overrides |= {"trace": [], "max_trace_size": 10_000}
    context: AbstractContextManager[Any] = dspy.context(**overrides)
    return context


def run(call: Call, programs: Programs) -> Any:
    """On a worker alone. A user's class may have ``run``, ``stream`` or both."""
    built = programs.of(call)
    module = bind(built, call, asynchronous=False)
    inputs = call.spec.args["inputs"]
    if not isinstance(module, dspy.Module):
        return _run_plain(module, built, call)
    if call.spec.stream:
        return _whole(call, built, module)
    with context_of(call, built), _unparsable():
        return describe(module(**inputs))


def _whole(call: Call, built: Built, module: Any) -> Iterator[dict[str, Any]]:
    with context_of(call, built), _unparsable():
        yield {"prediction": describe(module(**call.spec.args["inputs"]))}


def _run_plain(module: Any, built: Built, call: Call) -> Any:
    inputs = call.spec.args["inputs"]
    name = "stream" if hasattr(module, "stream") and (call.spec.stream or not hasattr(module, "run")) else "run"
    method = getattr(module, name, None)
    if method is None:
        raise modules.ModuleRefused(f"{type(module).__name__} is no dspy.Module and has neither run() nor stream()")
    if name == "run":
        with context_of(call, built):
            result = method(**inputs)
            value = describe(asyncio.run(_await(result)) if inspect.isawaitable(result) else result)
        return iter([{"prediction": value}]) if call.spec.stream else value
    chunks = method(**inputs)
    if inspect.isasyncgen(chunks):
        chunks = modules.from_async(chunks)
    if call.spec.stream:
        return _user_chunks(call, built, chunks)
    with context_of(call, built):
        return describe(_merged(chunks, built))


def _user_chunks(call: Call, built: Built, chunks: Iterator[Any]) -> Iterator[dict[str, Any]]:
    with context_of(call, built):
        for chunk in chunks:
            yield {"chunk": chunk}
    yield {"prediction": {}}


def _merged(chunks: Iterator[Any], built: Built) -> dict[str, Any]:
    """What the chunks amount to: text joins in the first output, records add their outputs."""
    outputs = built.spec["signature"]["outputs"]
    first = outputs[0]["name"] if outputs else "value"
    merged: dict[str, Any] = {}
    for chunk in chunks:
        if isinstance(chunk, str):
            merged[first] = merged.get(first, "") + chunk
        elif isinstance(chunk, dict):
            merged |= chunk
    return merged


async def run_async(call: Call, programs: Programs) -> Any:
    built = programs.of(call)
    if not isinstance(built.module, dspy.Module):
        return await _run_plain_async(built.module, built, call)
    if not hasattr(built.module, "aforward"):
        raise WrongLane
    module = bind(built, call, asynchronous=True)
    if call.spec.stream:
        return _stream(call, built, module)
    with context_of(call, built), _unparsable():
        return describe(await module.acall(**call.spec.args["inputs"]))


async def _run_plain_async(module: Any, built: Built, call: Call) -> Any:
    inputs = call.spec.args["inputs"]
    if call.spec.stream and inspect.isasyncgenfunction(getattr(module, "stream", None)):
        return _user_chunks_async(call, built, module.stream(**inputs))
    if call.spec.stream or not inspect.iscoroutinefunction(getattr(module, "run", None)):
        raise WrongLane
    with context_of(call, built):
        return describe(await module.run(**inputs))


async def _user_chunks_async(call: Call, built: Built, chunks: AsyncIterator[Any]) -> AsyncIterator[dict[str, Any]]:
    with context_of(call, built):
        async for chunk in chunks:
            yield {"chunk": chunk}
    yield {"prediction": {}}


async def _stream(call: Call, built: Built, module: Any) -> AsyncIterator[dict[str, Any]]:
    """The model's text as it passes each predictor, then the prediction. The host reads the fields in it."""
    paths = {id(predictor): path for path, predictor in module.named_predictors()}
    with context_of(call, built), _unparsable():
        async for item in dspy.streamify(module, is_async_program=True)(**call.spec.args["inputs"]):
            if isinstance(item, dspy.Prediction):
                yield {"prediction": describe(item)}
                continue
            text = item.choices[0].delta.content if getattr(item, "choices", None) else None
            if text:
                yield {"path": paths.get(item.predict_id, ""), "text": text}


async def _await(awaitable: Any) -> Any:
    return await awaitable


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


@contextmanager
def _unparsable() -> Iterator[None]:
    try:
        yield
    except AdapterParseError as error:
        error.dspex_kind = "completion_unparsable"
        error.dspex_details = {"completion": str(error.lm_response)[:16_384]}
        raise


class CodeInterpreter(dspy.LocalInterpreter):  # type: ignore[misc]
    """DSPy's persistent interpreter, in a fresh process with no permission at all instead of a subprocess with all of ours."""

    _process: Any

    def __init__(self, built: Built, call: Call) -> None:
        # CodeAct ships the source of its tools; ours run at the host, and are called by name.
        act = built.spec["kind"] == "codeAct"
        tools = {tool["name"]: _caller(call, tool["name"], asynchronous=False) for tool in built.spec.get("tools") or []}
        super().__init__(tools=tools if act else None)

    def start(self) -> None:
        if self._ended or self._process is not None:
            super().start()
            return
        if nursery is None:
            raise CodeInterpreterError("Model-written code needs a forked process of its own, and this pool spawns its workers.")
        try:
            process = nursery.open()
        except OSError as error:
            raise CodeInterpreterError(str(error)) from error
        self._process = process
        threading.Thread(target=self._read_responses, args=(process,), daemon=True).start()
        message = self._receive(time.monotonic() + 10, "The process for model-written code did not start within 10 s.")
        if message.get("type") != "ready":
            self._raise_terminal_error(f"The process for model-written code began with {message!r}")

    def execute(self, code: str, variables: dict[str, Any] | None = None) -> Any:
        return None if code in _TOOL_SOURCES else super().execute(code, variables)


def code_session() -> Callable[[], None]:
    """DSPy's own loop over descriptors 0 and 1, with its end of what was printed; imported before the lock-in."""
    from dspy.primitives import local_interpreter_worker

    run: Callable[[], None] = local_interpreter_worker.main
    return run


def warm() -> None:
    """Once, before the fork: settings that only the first thread may make, and a first Predict, whose imports all share."""
    dspy.configure(adapter=ADAPTERS["chat"](), disable_history=True, max_trace_size=0, warn_on_type_mismatch=False)
    dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=False)
    spec = {
        "name": "Warm",
        "inputs": [{"name": "question", "type": "str"}],
        "outputs": [{"name": "answer", "type": {"kind": "literal", "values": ["yes", "no"]}}],
    }
    program = dspy.ChainOfThought(build_signature(spec))
    # Without a thread: a zygote with two of them cannot fork.
    loop = PromptLoop()
    # By DSPy's own way, and by the short one once the settings are known (lm_shapes.py).
    for settings in ({"temperature": 0.5}, {}, {}):
        with dspy.context(lm=HostLM(_Rehearsal(), **settings)):  # type: ignore[arg-type]
            program(question="q")
            loop.run_until_complete(program.acall(question="q"))
    loop.close()


class _Rehearsal:
    """In the place of a call, before there is one: the imports and caches of its first completion are then everybody's."""

    spec = messages.Call(op="program")
    answer: Final = {"choices": [{"text": "[[ ## reasoning ## ]]\nr\n\n[[ ## answer ## ]]\nyes\n\n[[ ## completed ## ]]"}]}

    def ask(self, *_: Any) -> Any:
        return codec.decode(codec.encode(self.answer))

    async def ask_async(self, *_: Any) -> Any:
        return self.ask()
