/** `bool(x)` and `type(x).__name__`. */
import { Bytes, Float, Instance, isInt, Member, PySet, type PyValue, Scalar, Secret, Tuple } from "./value.ts";

export function truthy(value: PyValue): boolean {
  if (value === null || typeof value === "boolean" || typeof value === "string" || typeof value === "bigint") return Boolean(value);
  if (typeof value === "number") return value !== 0;
  if (value instanceof Float) return value.value !== 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof Tuple || value instanceof PySet) return value.items.length > 0;
  return !(value instanceof Bytes) || value.data.length > 0;
}

export function typeName(value: PyValue): string {
  if (value === null) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "str";
  if (isInt(value)) return "int";
  if (typeof value === "number" || value instanceof Float) return "float";
  if (Array.isArray(value)) return "list";
  if (value instanceof Map) return "dict";
  if (value instanceof Tuple) return "tuple";
  if (value instanceof PySet) return value.frozen ? "frozenset" : "set";
  if (value instanceof Bytes) return value.mutable ? "bytearray" : "bytes";
  if (value instanceof Scalar || value instanceof Secret) return value.of;
  if (value instanceof Member) return value.type.name;
  return value instanceof Instance ? value.of : "object";
}
