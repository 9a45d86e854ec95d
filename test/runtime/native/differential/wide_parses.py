"""Signatures of several fields over random models and enums, completions in the state models leave them: `wide_parses.py SEED COUNT` prints conformance rows."""

import json
import logging
import math
import random
import sys
from typing import Any

import dspy
from cases import ADAPTERS, Row, marked
from dspy.utils.exceptions import AdapterParseError
from worlds import World

logging.disable(logging.CRITICAL)
rnd = random.Random(int(sys.argv[1]))
ODD = ["\ufeff", "\u2028", "\u00a0", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\t", " ", "\n", "\x00", "\ud800", "`", "*", "#", ">", "- ", "\u200b", "🙂"]
PROSE = ["Sure! Here it is:", "Hope this helps.", "<think>hm</think>", "Note {x}.", "```", "---", "", "[1]", "Let me think: 1, 2", "**Answer:**", "I don't know", "a < b & c"]
MARKS = [*"{}[]()\"':,`\\/#*\n\t -_.019eEtfnTN“”;=<>ab&", "```", "```json", "null", "None", "True", "//", "/*", "*/", "</", "/>", "<", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&#65;", "[[ ## ", " ## ]]", "\\u00e9", "\\x41", "...", *ODD]


def finite(value: Any) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def written(value: Any) -> str:
    kind = rnd.random()
    if isinstance(value, str) and kind < 0.7:
        return value
    if kind < 0.6:
        return json.dumps(value, ensure_ascii=rnd.random() < 0.1)
    if kind < 0.7:
        return json.dumps(value, ensure_ascii=False, indent=2)
    if kind < 0.9:
        return rnd.choice([repr, str])(value)
    fence = rnd.choice(["```json\n{}\n```", "```\n{}\n```", "```python\n{}\n```", "Here: {}", "{}.", "{} // note", "`{}`", "\"{}\"", "'{}'", "{}\nDone.", "{},", "({})", "= {}", "~~~\n{}\n~~~"])
    return fence.replace("{}", json.dumps(value))


def mutated(text: str, share: float) -> str:
    if rnd.random() >= share:
        return text
    chars = list(text)
    for _ in range(rnd.choice([1, 1, 1, 2, 3, 5])):
        kind, at = rnd.random(), rnd.randint(0, len(chars))
        if kind < 0.3 and chars:
            del chars[min(at, len(chars) - 1)]
        elif kind < 0.75:
            chars.insert(at, rnd.choice(MARKS))
        elif kind < 0.85:
            chars = chars[:at]
        elif kind < 0.9:
            chars = chars[at:]
        else:
            end = min(len(chars), at + rnd.randint(1, 8))
            chars[at:at] = chars[at:end]
    return "".join(chars)


def header(name: str) -> str:
    plain = f"[[ ## {name} ## ]]"
    if rnd.random() < 0.85:
        return plain
    return rnd.choice([f" {plain}", f"\t{plain}", f"  {plain}  ", f"**{plain}**", f"[[##{name}##]]", f"[[ ## {name.upper()} ## ]]", f"[[ ## {name}## ]]", f"[[  ## {name} ## ]]", f"x {plain}", f"{plain}:", f"\u00a0{plain}", f"\ufeff{plain}", f"{plain} {plain}", f"[[ ## {name} ]]", f"\x1c{plain}", f"\u2003 {plain} v", f"[[ ## {name}-x ## ]]", f"[[ ## {name}² ## ]]", f"# {plain}"])


def chat(values: dict[str, Any]) -> str:
    items = list(values.items())
    if rnd.random() < 0.2:
        rnd.shuffle(items)
    parts = []
    for name, value in items:
        gap = rnd.choice(["\n"] * 8 + [" ", "\n\n", "\r\n", "\u2028", "\x85", ": ", ""])
        parts.append(header(name) + gap + written(value))
        if rnd.random() < 0.05:
            parts.append(header(name) + "\n" + written(value))
        if rnd.random() < 0.05:
            parts.append(rnd.choice(PROSE))
        if rnd.random() < 0.05:
            parts.append(header(rnd.choice(["extra", "completed", "question"])) + "\n" + rnd.choice(PROSE))
    if rnd.random() < 0.85:
        parts.append(header("completed"))
    if rnd.random() < 0.1:
        parts.insert(0, rnd.choice(PROSE))
    return rnd.choice(["\n\n"] * 8 + ["\n", "\r\n", "\r\n\r\n", "\n \n"]).join(parts)


def whole_json(values: dict[str, Any]) -> str:
    own = {name: (written(value) if rnd.random() < 0.08 else value) for name, value in values.items()}
    if rnd.random() < 0.1:
        own["extra"] = rnd.choice(PROSE)
    if rnd.random() < 0.04:
        own = {name.upper(): value for name, value in own.items()}
    text = json.dumps(own, ensure_ascii=rnd.random() < 0.2, indent=rnd.choice([None, None, 2]))
    kind = rnd.random()
    if kind < 0.08:
        text = repr(own)
    elif kind < 0.14:
        text = f"```json\n{text}\n```"
    elif kind < 0.2:
        text = f"{rnd.choice(PROSE)}\n{text}\n{rnd.choice(PROSE)}"
    elif kind < 0.23:
        text = f"[{text}]"
    elif kind < 0.25:
        text = json.dumps(text)
    elif kind < 0.28:
        text = f"{text}{rnd.choice(['', ' ', ', '])}{json.dumps(dict(list(own.items())[:1]))}"
    elif kind < 0.31:
        text = text.replace("}", ",}").replace("]", ",]")
    elif kind < 0.34:
        text = text.replace('"', rnd.choice(["'", "“", "`", "''"]))
    elif kind < 0.36:
        text = rnd.choice(ODD) + text + rnd.choice(ODD)
    return text


def element(name: str, value: Any) -> str:
    kind = rnd.random()
    if kind < 0.55:
        try:
            text = str(dspy.XMLAdapter._value_to_xml(value, name))
        except Exception:
            text = f"<{name}>{value}</{name}>"
        return text
    inner = written(value)
    if kind < 0.85:
        inner = inner.replace("&", "&amp;").replace("<", "&lt;")
    elif kind < 0.9:
        inner = f"<![CDATA[{inner}]]>"
    elif kind < 0.95:
        inner = inner.replace("a", "&#97;").replace("&", "&amp;", 1 if rnd.random() < 0.5 else 0)
    attribute = rnd.choice([""] * 8 + [' a="1"', " b='x y'", ' c="&lt;"', ' a="1" a="2"', ' xmlns="u"', ' xml:lang="en"', " "])
    pad = rnd.choice(["", "", "\n", " ", "\r\n", "\t"])
    return f"<{name}{attribute}>{pad}{inner}{pad}</{name}>"


def xml(values: dict[str, Any]) -> str:
    items = list(values.items())
    if rnd.random() < 0.2:
        rnd.shuffle(items)
    parts = []
    for name, value in items:
        parts.append(element(name, value))
        if rnd.random() < 0.05:
            parts.append(element(name, value))
        if rnd.random() < 0.06:
            parts.append(rnd.choice([*PROSE, "<!-- note -->", "<extra>1</extra>", "<br/>", "<?pi x?>", "&lt;", "&nbsp;", "<x:y>1</x:y>"]))
        if rnd.random() < 0.03:
            parts[-1] = f"<{name}>{parts[-1]}</{name}>"
    text = rnd.choice(["\n\n", "\n", "", " ", "\r\n"]).join(parts)
    kind = rnd.random()
    if kind < 0.05:
        text = f"```xml\n{text}\n```"
    elif kind < 0.08:
        text = f"<response>{text}</response>"
    elif kind < 0.1:
        text = f"{rnd.choice(PROSE)}\n{text}"
    return text


WRITERS = {"ChatAdapter": chat, "JSONAdapter": whole_json, "XMLAdapter": xml}
for number in range(int(sys.argv[2])):
    world = World(rnd)
    names = rnd.sample(["answer", "score", "items", "notes", "label", "ответ", "x_1"], rnd.choice([1, 1, 1, 2, 3]))
    fields: list[Row] = [{"name": "question", "role": "input", "type": "str"}]
    table: dict[str, Any] = {"question": (str, dspy.InputField())}
    try:
        for name in names:
            annotation = world.annotation(2)
            row: Row = {"name": name, "role": "output", "type": annotation}
            given: dict[str, Any] = {}
            if rnd.random() < 0.12:
                default = world.default(annotation)
                if default is not None or annotation.startswith("Optional"):
                    row["default"] = given["default"] = default
            fields.append(row)
            table[name] = (world.evaluate(annotation), dspy.OutputField(**given))
        signature = dspy.Signature(table)
        module = "ChainOfThought" if rnd.random() < 0.1 else "Predict"
        if module == "ChainOfThought":
            signature = dspy.ChainOfThought(signature).predict.signature
        ADAPTERS["JSONAdapter"].format(signature, [], {"question": "q"})
    except Exception:  # noqa: S112
        continue
    for part in range(4):
        name = rnd.choice(["ChatAdapter", "ChatAdapter", "JSONAdapter", "XMLAdapter"])
        values = {own: world.near(info.annotation) for own, info in signature.output_fields.items() if rnd.random() < 0.95}
        try:
            text = mutated(WRITERS[name](values), 0.25)
        except ValueError:
            continue
        row = {"id": f"{sys.argv[1]}-{number}-{part}", "adapter": name, "module": module, "signature": None, "fields": fields}
        row |= {"types": world.types, "completion": text}
        try:
            parsed = ADAPTERS[name].parse(signature, text)
            row |= {"ok": True, "result": {field: marked(value) for field, value in parsed.items()}, "result_key_order": list(parsed)}
        except AdapterParseError as error:
            row |= {"ok": False, "error_message": str(error)[:300]}
        except UnicodeDecodeError:
            continue
        except Exception as error:
            row |= {"ok": False, "error_type": type(error).__name__, "error_message": str(error)[:300]}
        try:
            print(json.dumps(row))
        except (TypeError, ValueError):
            continue
