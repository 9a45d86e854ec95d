/** `metrics`, as the entry `dspex` exports it. */
export { answerExactMatch, answerPassageMatch } from "./answer-match.ts";
export { EM, exactMatch } from "./exact-match.ts";
export { normalizeText } from "./normalize-text.ts";
export { F1, f1Score, HotPotF1, hotPotF1Score, precisionScore } from "./token-overlap.ts";
