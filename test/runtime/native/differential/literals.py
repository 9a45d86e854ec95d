"""Python literals, nearly right and not, and what `ast.literal_eval` makes of them: `literals.py SEED COUNT`."""

import ast
import json
import random
import sys
import warnings
from typing import Any

warnings.simplefilter("ignore")
rnd = random.Random(int(sys.argv[1]))
NUMBERS = [
    *"0 1 -1 +1 007 00 0_0 1_000 0x1F 0b10 0o17 0xg 1. .5 1.5e3 1e400 -0.0 1j 1.5j 07j 1_0.5_0 1__0 _1 1e 1+2j 1-2j -1+2j".split(),
    *"(1)+2j 1+(2j) (-1)+2j -(1) -(-1) --1 1+2 1j+2 1+2j+3j True False None ... -True nan inf 1e5j 0.1 1.0 2 0x_1 1E-7 ~1".split(),
    *("9" * 30, "not 1", "1if 1 else 2", "-1j", "-(1+2j)", "- 1", "+ 2.5", "1 +2j", "True+1j"),
]
PIECES = [
    *("a", "b c", "it\\'s", 'q"', "\\n", "\\x41", "\\u00e9", "\\U0001F600", "\\101", "\\777", "\\q", "é", "日", "😀", "\\\n", "\n"),
    *("\r", "\r\n", "\\\r\n", "", "#", "{x}", "\\x4", "\\u12", "\\", " ", "\t", "\ud800", "\\ud800", "\x00", "\u2028", "\\0", "\\08"),
]
CALLS = ["set()", "set( )", "frozenset()", "dict()", "datetime.date(2024,1,2)", "x", "lambda: 1", "set([])", "Person(name='a')"]


def string() -> str:
    body = rnd.choice(PIECES) + (rnd.choice(["x", "\\t", "z ", "", "'", '"']) if rnd.random() < 0.5 else "")
    quote = rnd.choice(["'", '"', "'''", '"""'])
    return rnd.choice([""] * 9 + ["r", "b", "rb", "u", "f", "B", "Rb", "bR", "ur", "R", "t"]) + quote + body + quote


def literal(depth: int) -> str:
    kind = rnd.random()
    if depth <= 0 or kind < 0.3:
        return rnd.choice(NUMBERS)
    if kind < 0.5:
        return string() + (rnd.choice(["", " ", "\n"]) + string() if rnd.random() < 0.15 else "")
    between = rnd.choice([", ", ",", " , ", ",\n", ", # c\n"])
    items = between.join(literal(depth - 1) for _ in range(rnd.randint(0, 3))) + rnd.choice(["", "", ",", ","])
    if kind < 0.62:
        return f"[{items}]"
    if kind < 0.76:
        return f"({items})"
    if kind < 0.86:
        return f"{{{items}}}"
    if kind > 0.97:
        return rnd.choice(CALLS)
    entries = [literal(0 if rnd.random() < 0.7 else depth - 1) + ": " + literal(depth - 1) for _ in range(rnd.randint(0, 3))]
    return f"{{{between.join(entries)}}}"


def whole() -> str:
    text = literal(rnd.randint(0, 3))
    if rnd.random() < 0.1:
        text = f"{text}, {literal(1)}"
    if rnd.random() < 0.06:
        text = rnd.choice([" ", "\n", "\t", "\x0c", "  ", "\\\n", "\r\n"]) + text
    if rnd.random() < 0.06:
        text += rnd.choice([" ", "\n", "\t", " # c", "\\\n", ";", "; 1", "\r\n", ",", "\n 1", "\n# c\n"])
    if rnd.random() < 0.12:
        at = rnd.randint(0, len(text))
        text = text[:at] + (text[at + 1 :] if rnd.random() < 0.5 else rnd.choice("()[]{},:'\"\\ -+j._0eE#\n") + text[at:])
    return text


def spelled(made: Any) -> Any:
    if made is None or isinstance(made, (bool, str)):
        return made
    if isinstance(made, bytes):
        return {"$b": list(made)}
    if isinstance(made, list):
        return [spelled(item) for item in made]
    if isinstance(made, tuple):
        return {"$t": [spelled(item) for item in made]}
    if isinstance(made, set):
        return {"$s": sorted(repr(item) for item in made)}
    if isinstance(made, dict):
        return {"$d": [[spelled(key), spelled(item)] for key, item in made.items()]}
    return {"$r": repr(made)}


for _ in range(int(sys.argv[2])):
    text = whole()
    try:
        print(json.dumps({"t": text, "v": spelled(ast.literal_eval(text))}))
    except Exception as error:
        print(json.dumps({"t": text, "e": type(error).__name__}))
