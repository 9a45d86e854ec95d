import { sig } from "dspex";

const LABELS = "'bug', 'billing'";
const MOST = 3;
const INPUT = `message: str(max_length=${MOST})`;

export const Joined = sig("message" + " -> " + "label: Literal[" + LABELS + "]");
export const Filled = sig(`${INPUT} -> label: Literal[${LABELS}]`);
export const Alone = sig(INPUT + " -> ok: bool");
// A mistake inside a constant is shown where the constant is used.
const WRONG = "strng";
export const Shown = sig(`message: ${WRONG} -> label`);
