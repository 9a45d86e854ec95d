"""What was saved or set of a program's predictors, put in their places."""

from __future__ import annotations

from typing import Any, Final

# LMConfig's names (runtime/lm/lm.ts) and DSPy's.
_CONFIG: Final = {
    "temperature": "temperature", "maxTokens": "max_tokens", "topP": "top_p", "n": "n", "stop": "stop", "seed": "seed",
    "rolloutId": "rollout_id",
}  # fmt: skip


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
