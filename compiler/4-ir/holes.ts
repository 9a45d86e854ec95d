/** What a literal's holes mean, by where they stand: a type in a type's place, another signature's fields in a field's. */
import type { TypeSpec } from "../../runtime/abi.ts";
import type { Hole, SignatureSite } from "../1-scan/site.ts";
import type { TypeReader } from "../1-scan/types.ts";
import type { CheckContext } from "../3-check/check.ts";
import type { CheckedField } from "../3-check/checked.ts";
import type { Report } from "../diagnostics/report.ts";
import type { FieldIr, SignatureIr, Slot } from "./ir.ts";
import { mapSlots } from "./map-slots.ts";

export interface Surroundings {
  readonly types: TypeReader;
  /** The signature declared by this name, or a sentence saying why there is none. */
  readonly signature: (name: string) => SignatureIr | NoSignature;
  /** Whether the checker is asked for the types of schemas: only declarations for TypeScript need them. */
  readonly typedSlots: boolean;
  /** For findings that have their place in the file, not in the literal. */
  readonly reportInFile: Report;
}

export interface NoSignature {
  readonly code: "hole_unresolved" | "splice_cycle";
  readonly reason: string;
  readonly hint?: string;
}

export interface Holes extends Pick<CheckContext, "hole" | "splice"> {
  /** Filled while the literal is checked. */
  readonly slots: Slot[];
  /** Reports the holes that stood where neither a type nor a field could; true when there were none. */
  readonly reportUnused: () => boolean;
}

export function openHoles(site: SignatureSite, around: Surroundings, report: Report): Holes {
  const slots: Slot[] = [];
  const byOffset = new Map(site.holes.map((hole) => [hole.at, hole]));
  const used = new Set<Hole>();
  const { file } = site.source;

  const find = (at: number): Hole | undefined => {
    const hole = byOffset.get(at);
    if (hole) used.add(hole);
    else report("character_unexpected", { start: at, end: at + 1 }, "The character U+FFFC has no meaning in a signature.");
    return hole;
  };

  /** A name stands for one value, so the same name twice is one slot; another expression is evaluated each time. */
  const addSlot = (text: string, slot: Omit<Slot, "index">): TypeSpec => {
    const known = /^[\w$]+$/.test(text)
      ? slots.find(
          (s) => s.expression === slot.expression && s.from?.expression === slot.from?.expression && s.from?.index === slot.from?.index,
        )
      : undefined;
    const index = known?.index ?? slots.length;
    if (!known) slots.push({ index, ...slot });
    return { kind: "slot", index, text };
  };

  const asType: Holes["hole"] = (at, span) => {
    const hole = find(at);
    if (!hole) return undefined;
    if (hole.typeArgument) return around.types.typeArgument(file, hole.typeArgument, around.reportInFile);
    if (hole.reference && "spec" in around.signature(hole.reference.name)) {
      report("hole_not_type", span, `\`${hole.text}\` is a signature, which is no type.`, {
        hint: "Where a field could stand it takes over the signature's fields.",
      });
      return undefined;
    }
    const typescript = around.typedSlots ? around.types.schema(file, hole.expression) : undefined;
    return addSlot(hole.text, { expression: hole.text, span: hole.span, from: undefined, typescript });
  };

  const asFields: Holes["splice"] = (at, side, span) => {
    const hole = find(at);
    if (!hole) return undefined;
    if (!hole.reference) {
      report("hole_unresolved", span, `\`${hole.text}\` is no signature the compiler can find.`, {
        hint: "Declare the signature, `const Base = sig(...)`, and write its name.",
      });
      return undefined;
    }
    const { name, side: asked } = hole.reference;
    const other = around.signature(name);
    if (!("spec" in other)) {
      report(other.code, span, other.reason, { hint: other.hint });
      return undefined;
    }
    const moved = new Map<number, TypeSpec>();
    const move = (index: number): TypeSpec => {
      const slot = other.slots[index]!;
      const already = moved.get(index);
      if (already) return already;
      const type = addSlot(slot.expression, { ...slot, span: hole.span, from: { expression: name, index } });
      moved.set(index, type);
      return type;
    };
    const take = (field: FieldIr): CheckedField => ({
      spec: { ...field.spec, type: mapSlots(field.spec.type, move) },
      span,
      nameSpan: span,
    });
    return ((asked ?? side) === "inputs" ? other.inputs : other.outputs).map(take);
  };

  const reportUnused = (): boolean => {
    const unused = site.holes.filter((hole) => !used.has(hole));
    for (const hole of unused) {
      report(
        "hole_unexpected",
        { start: hole.at, end: hole.at + 1 },
        `\`${hole.text}\` is known only at run time, and here its text would have to be known now.`,
        {
          hint: "A hole can be a field's type, `name: ${Schema}`, a signature in a field's place, or a constant of this file.",
        },
      );
    }
    return unused.length === 0;
  };

  return { slots, hole: asType, splice: asFields, reportUnused };
}
