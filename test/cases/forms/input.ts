import { sig, signature } from "dspex";

export const Call = sig("question -> answer");
export const Backtick = sig(`
  question: str,
  context: list[str]
  -> answer: str
`);
export const Tag = sig.Triage`message -> label`;
export const Seed = signature("question -> answer", { name: "Named", metadata: { owner: "support" } });
const Bare = sig`question -> answer`;
export default sig("a -> b");
export { Bare as Renamed };
