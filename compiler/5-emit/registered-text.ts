/**
 * How a literal is found again at run time. A template hands over its cooked strings and its values: every `${}`, also
 * one whose constant the compiler folded, stands as `${}` in the text, and a slot is the value at its place.
 */
import type { SignatureIr } from "../4-ir/ir.ts";

export interface RegisteredText {
  readonly text: string;
  /** For a literal with slots: what fills them, as expressions over `holes`. */
  readonly arrow: readonly string[] | undefined;
}

export function registeredText(ir: SignatureIr, file: string): RegisteredText {
  const { site, slots } = ir;
  const isTemplate = site.kind === "tag" || site.kind === "bareTag";
  if (!isTemplate) return { text: site.source.text, arrow: undefined };
  const starts = interpolations(ir, file);
  const { text, offsets } = site.source;
  let written = "";
  let last = -1;
  for (let i = 0; i < text.length; i++) {
    const at = offsets[i] as number;
    if (!starts.includes(at)) written += text[i];
    else if (at !== last) written += "${}";
    last = at;
  }
  const arrow = slots.map((slot) => {
    const place = starts.findIndex(
      (start) => start <= slot.span.start && !starts.some((other) => other > start && other <= slot.span.start),
    );
    return slot.from ? `abi.slotOf(holes[${place}] as never, ${slot.from.index})` : `holes[${place}]`;
  });
  return { text: written, arrow: slots.length ? arrow : undefined };
}

/** Where the template's `${` stand: holes are known, a folded constant's units all point at its start. */
function interpolations({ site }: SignatureIr, file: string): readonly number[] {
  const starts = new Set(site.holes.map((hole) => hole.span.start));
  for (const at of Array.from(site.source.offsets)) if (file.startsWith("${", at)) starts.add(at);
  // The offset after the last unit is where the text ends; a "${" there belongs to nothing.
  return [...starts].sort((a, b) => a - b);
}
