/** Types the native engine leaves to Python; the README lists them with reasons. */
import type { TypeSpec } from "../spec.ts";

/** `asked`: an output, which needs a schema and values of the type; an input only prints. */
export function declined(type: TypeSpec | "ellipsis", asked: boolean): string | undefined {
  if (typeof type === "string") return undefined;
  switch (type.kind) {
    case "generic":
      return asked && FOREIGN.test(type.of) ? `only Python knows what ${type.of} takes` : first(type.args, asked);
    case "union":
      return first(type.members, asked);
    case "model":
      return first(
        type.fields.map((field) => field.type),
        asked,
      );
    case "class":
      return asked && FOREIGN.test(type.name) ? `only Python knows what ${type.name} takes` : undefined;
    case "slot":
      return `${type.text} is a schema whose JSON Schema is not known at run time`;
    default:
      return undefined;
  }
}

/** Everything but the standard types and DSPy's that the engine has rules for; what DSPy itself refuses among it. */
const FOREIGN =
  /^(?:pydantic|enum|ipaddress|fractions|ForwardRef\(|Self$|[Tt]ype$|(?:.*\.)?(?:Callable|Hashable|Pure\w+|\w+Path|Signature|Tool|ToolCallResults|Type)$)/;

function first(types: readonly (TypeSpec | "ellipsis")[], asked: boolean): string | undefined {
  for (const type of types) {
    const reason = declined(type, asked);
    if (reason) return reason;
  }
  return undefined;
}
