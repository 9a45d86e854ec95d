"""Broken JSON and what json_repair makes of it: `repairs.py SEED COUNT`."""

import json
import random
import sys
from typing import Any

import json_repair

rnd = random.Random(int(sys.argv[1]))
WORDS = [
    *(
        "a",
        "b c",
        "hello",
        "it's",
        'He said "hi" ok',
        "x, y",
        "note: see",
        "{z}",
        "[1]",
        "http://a/b#c",
        "né",
        "日本",
        "“q”",
        "„low“",
        "",
    ),
    *(
        "a\\nb",
        '\\"',
        "\\\\",
        "tab\\t",
        "true",
        "None",
        "5",
        "1,000",
        '```json\n{"a":1}\n```',
        "`code`",
        "...",
        "a/b",
        "# c",
        "// d",
        "/* e */",
        '[^"]',
        "𝐀",
        "😀",
        "\\u00e9",
        "\\x41",
    ),
]
MARKS = [
    *"{}[]()\"':,`\\/#*\n\t -_.0123456789eEtfnTN“”„;=<>abx",
    *("```", "```json", "true", "null", "None", "//", "/*", "*/", '\\"', "\\'", " and ", '"a":', ": ", ", ", "\u00a0", "..."),
]


def value(depth: int) -> Any:
    kind = rnd.random()
    if depth <= 0 or kind < 0.35:
        return rnd.choice(WORDS)
    if kind < 0.5:
        return rnd.choice([0, 1, -5, 2.5, 1e10, True, False, None, 12345678901234567890, 1.0])
    if kind < 0.72:
        return [value(depth - 1) for _ in range(rnd.randint(0, 4))]
    return {rnd.choice(["a", "b", "key one", "c", "name"]): value(depth - 1) for _ in range(rnd.randint(0, 4))}


def whole() -> str:
    if rnd.random() < 0.06:
        return "".join(rnd.choice(MARKS) for _ in range(rnd.randint(0, 25)))
    made = value(rnd.randint(0, 3))
    text = repr(made) if rnd.random() < 0.2 else json.dumps(made, ensure_ascii=False, indent=rnd.choice([None, None, 2]))
    if rnd.random() < 0.12:
        text = text.replace('"', rnd.choice(["'", "“", "", '""']))
    if rnd.random() < 0.15:
        head = rnd.choice(["Here is: ", "```json\n", "(", '<think>{"a":1}</think>', "note (c): ", "- "])
        text = head + text + rnd.choice(["", "\n```", " done.", ")", ", more", "\n\nHope {this} helps"])
    if rnd.random() < 0.08:
        text += rnd.choice(["", ", ", "\n"]) + json.dumps(value(2))
    return text.replace('\\"', '"') if rnd.random() < 0.1 else text


def broken(text: str) -> str:
    chars = list(text)
    for _ in range(rnd.choice([0, 1, 1, 1, 2, 2, 3, 5, 8])):
        kind, at = rnd.random(), rnd.randint(0, len(chars))
        if kind < 0.35 and chars:
            del chars[min(at, len(chars) - 1)]
        elif kind < 0.8:
            chars.insert(at, rnd.choice(MARKS))
        elif kind < 0.9:
            chars = chars[:at]
        else:
            chars = chars[at:]
    return "".join(chars)


def spelled(made: Any) -> Any:
    if made is None or isinstance(made, (bool, str)):
        return made
    if isinstance(made, int):
        return {"$i": str(made)}
    if isinstance(made, float):
        return {"$f": repr(made)}
    if isinstance(made, list):
        return [spelled(item) for item in made]
    return {"$d": [[key, spelled(item)] for key, item in made.items()]}


for _ in range(int(sys.argv[2])):
    text = broken(whole())
    try:
        print(json.dumps({"t": text, "v": spelled(json_repair.loads(text))}))
    except Exception as error:
        print(json.dumps({"t": text, "e": type(error).__name__}))
