/** A `${schema}` hole at run time: the schema itself checks the value, through Standard Schema. */
import type { Issue } from "../errors.ts";
import { type Path, pathText, received } from "./issue.ts";

/** The part of Standard Schema v1 that validation needs. */
export interface StandardSchema {
  readonly "~standard": {
    readonly version: number;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
  };
}
type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
      }[];
    };

/** The schema's output (it may transform), or the value as it came where the schema found issues. */
export function slot(schema: StandardSchema, value: unknown, path: Path, issues: Issue[]): unknown {
  const first = schema["~standard"].validate(value);
  const result = first instanceof Promise || !first.issues ? first : withoutNulls(schema, value, first);
  if (result instanceof Promise) {
    const expected = "a schema that validates at once";
    issues.push({
      path,
      expected,
      received: "a promise",
      message: `${pathText(path)}: expected ${expected}; asynchronous schemas cannot check a field.`,
    });
    return value;
  }
  if (!result.issues) return result.value;
  for (const issue of result.issues) {
    const inner = (issue.path ?? [])
      .map((part) => (typeof part === "object" ? part.key : part))
      .map((key) => (typeof key === "symbol" ? String(key) : key));
    const at = [...path, ...inner];
    issues.push({
      path: at,
      expected: `what ${schema["~standard"].vendor} accepts`,
      received: received(reach(value, inner)),
      message: `${pathText(at)}: ${issue.message}`,
    });
  }
  return value;
}

const keysOf = (issue: { readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined }): readonly PropertyKey[] =>
  (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));

/** Python writes an absent member of a model as None; a schema whose member is optional knows only absence. */
function withoutNulls(
  schema: StandardSchema,
  value: unknown,
  refused: Exclude<StandardResult, { readonly value: unknown }>,
): StandardResult | Promise<StandardResult> {
  let bare = value;
  for (const issue of refused.issues) bare = without(bare, keysOf(issue));
  return bare === value ? refused : schema["~standard"].validate(bare);
}

/** A copy without the member at the end of the path, if that is null; else the value itself. */
function without(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined || typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return value;
  const member = (value as Record<PropertyKey, unknown>)[key];
  if (rest.length === 0) {
    if (member !== null || Array.isArray(value)) return value;
    const { [key]: _, ...others } = value as Record<PropertyKey, unknown>;
    return others;
  }
  const inner = without(member, rest);
  if (inner === member) return value;
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner };
}

function reach(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path)
    at = typeof at === "object" && at !== null && Object.hasOwn(at, part) ? (at as Record<string | number, unknown>)[part] : undefined;
  return at;
}
