/** pydantic's `Annotated` aliases as prompts print them inside another type: `Annotated[int, Gt(gt=0)]`. */
import { lastName } from "./type-name.ts";

const RULES: readonly (readonly [pattern: RegExp, added: string])[] = [
  [/^Positive/, "Gt(gt=0)"],
  [/^NonNegative/, "Ge(ge=0)"],
  [/^Negative/, "Lt(lt=0)"],
  [/^NonPositive/, "Le(le=0)"],
  [/^Strict/, "strict=True"],
  [/^Finite/, "allow_inf_nan=False"],
  [/^Base64Url/, "(encoder=<class 'pydantic.types.Base64UrlEncoder'>)"],
  [/^Base64/, "(encoder=<class 'pydantic.types.Base64Encoder'>)"],
  [/^UUID\d/, "UuidVersion(uuid_version=)"],
  [/^Directory/, "PathType(path_type='dir')"],
  [/^File/, "PathType(path_type='file')"],
  [/^New/, "PathType(path_type='new')"],
  [/^Socket/, "PathType(path_type='socket')"],
];

export const className = (name: string): string => annotatedName(name) ?? lastName(name);

function annotatedName(name: string): string | undefined {
  const [, alias, kind] = /^pydantic\.(\w*?(Int|Float|Str|Bytes|Bool|Path|UUID\d))$/.exec(name) ?? [];
  const added = alias && RULES.find(([pattern]) => pattern.test(alias))?.[1];
  if (!alias || !kind || !added) return undefined;
  if (kind.startsWith("UUID")) return `Annotated[UUID, ${added.replace("=)", `=${kind.slice(4)})`)}]`;
  const base = kind === "Path" ? kind : kind.toLowerCase();
  return `Annotated[${base}, ${added.startsWith("(") ? `Encoded${kind}${added}` : added}]`;
}
