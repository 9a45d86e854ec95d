import { sig } from "dspex";

sig("question, answer");
sig("question => answer");
sig("question → answer");
sig("a -> b -> c");
sig("text -> label: Literal['a -> b']");
sig("text: str = '->' -> label");
/** Prose may hold one. */
export const Prose = sig(`"""Turn text -> label.""" text: str "in -> out" -> label`);
