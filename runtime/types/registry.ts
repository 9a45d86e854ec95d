/**
 * Filled by `dspex.gen/registry.d.ts`, so that a compiled literal's type is a look-up:
 *
 *   declare module "dspex" {
 *     interface DspexRegistry { "question -> answer": Signature<{ question: string }, { answer: string }> }
 *     interface DspexTags { Triage: Signature<...> }
 *   }
 */

/** By the literal's text. */
// biome-ignore lint/suspicious/noEmptyInterface: generated declarations merge into it
export interface DspexRegistry {}

/** By the name of the tag. */
// biome-ignore lint/suspicious/noEmptyInterface: generated declarations merge into it
export interface DspexTags {}
