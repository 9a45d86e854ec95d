import { sig } from "dspex";

sig("a: 'open -> b");
sig(`a: """open
  -> b`);
sig("a: Literal['\\x4', '\\u12', '\\N{BULLET}', b'é'] -> b");
sig("'Answer shortly.' question -> answer");
sig("question 'what' -> answer: str b'bytes'");
sig.Escaped`a -> b: Literal["\u12"]`;
export const Read = sig("a: Literal['\\u00e9', r'\\n', 'a' \"b\", '''c'''] -> b: Literal[b'x']");
