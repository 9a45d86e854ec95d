/**
 * A type's name where a signature's text makes it. There `dspy.Code['java']` gets a tuple for its language, which DSPy
 * cannot print in a prompt; prompts name it as the class syntax does, and so does `typeName`.
 */
import { typeName } from "../../runtime/native/type-name.ts";
import type { ClassType, TypeSpec } from "../../runtime/spec.ts";
import { constantText } from "../../runtime/type-text.ts";

export const annotationName = (type: TypeSpec): string =>
  typeName(JSON.parse(JSON.stringify(type), (_, part) => (part?.kind === "class" && part.args ? withTuple(part) : part)));

function withTuple({ args = [], name }: ClassType): TypeSpec {
  const items = args.map(constantText).join(", ");
  return { kind: "slot", index: 0, text: `${name.slice(name.lastIndexOf(".") + 1)}_(${items}${args.length === 1 ? "," : ""})` };
}
