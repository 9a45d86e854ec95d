/** `uuid.UUID` of any version, and pydantic's aliases of one. */
import { refuse } from "../coerce/atoms.ts";
import { LAX, type State } from "../coerce/state.ts";
import { Bytes, type PyValue, Scalar } from "../python/value.ts";
import type { NamedClass, NamedClasses } from "./named.ts";

function toUuid(value: PyValue, state: State): Scalar {
  if (value instanceof Scalar && value.of === "UUID") return value;
  state.floor(LAX);
  let hex: string | undefined;
  if (typeof value === "string") {
    const bare = value.replace(/^urn:uuid:/i, "").replace(/^\{(.*)\}$/, "$1");
    if (/^[0-9a-f]{32}$/i.test(bare) || /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(bare))
      hex = bare.replaceAll("-", "").toLowerCase();
  } else if (value instanceof Bytes && value.data.length === 16)
    hex = [...value.data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex ? new Scalar("UUID", hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")) : refuse("a UUID", value);
}

/** A UUID says its version in its thirteenth digit. */
const versioned = (version: string): NamedClass => ({
  schema: { type: "string", format: `uuid${version}` },
  read(value, state) {
    const uuid = toUuid(value, state);
    return uuid.text[14] === version ? uuid : refuse(`a UUID of version ${version}`, value);
  },
});

export const UUIDS: NamedClasses = {
  "uuid.UUID": { schema: { type: "string", format: "uuid" }, read: toUuid },
  ...Object.fromEntries([..."1345678"].map((version) => [`pydantic.UUID${version}`, versioned(version)])),
};
