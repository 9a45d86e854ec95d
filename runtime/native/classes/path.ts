/** `pathlib` of Python 3.11 on a POSIX machine: what a path is once doubled slashes and single dots are gone. */
import { Broken, refuse } from "../coerce/atoms.ts";
import { LAX } from "../coerce/state.ts";
import { type PyValue, Scalar, type ScalarClass } from "../python/value.ts";
import type { NamedClass, NamedClasses } from "./named.ts";

const named = (of: ScalarClass | undefined, write: (text: string) => string): NamedClass => ({
  schema: { type: "string", format: "path" },
  read(value: PyValue, state) {
    if (value instanceof Scalar && value.of === of) return value;
    state.floor(LAX);
    if (typeof value !== "string") return refuse("a path", value);
    if (of === undefined) throw new Broken("Python makes no WindowsPath on another system");
    return new Scalar(of, write(value));
  },
});

const parts = (text: string, separator: string): string[] => text.split(separator).filter((part) => part !== "" && part !== ".");

/** Two slashes in front stay two; any other number is one. */
function posix(text: string): string {
  const root = /^\/\/(?!\/)/.test(text) ? "//" : text.startsWith("/") ? "/" : "";
  return root + parts(text, "/").join("/") || ".";
}

function windows(text: string): string {
  const [drive, root, rest] = splitRoot(text.replaceAll("/", "\\"));
  return drive + root + parts(rest, "\\").join("\\") || ".";
}

/** A drive (`C:`, `\\server\share`, either behind `\\?\`), whether the path starts at its root, and the rest. */
function splitRoot(path: string): readonly [drive: string, root: string, rest: string] {
  let prefix = "";
  let text = path;
  if (text.startsWith("\\\\?\\")) {
    prefix = text.slice(0, 4);
    text = text.slice(4);
    if (text.startsWith("UNC\\")) {
      prefix += "UNC";
      text = `\\${text.slice(3)}`;
    }
  }
  if (/^\\\\[^\\]/.test(text)) {
    const share = text.indexOf("\\", 2);
    const end = share < 0 ? -1 : text.indexOf("\\", share + 1);
    if (share >= 0 && end !== share + 1) {
      const stop = end < 0 ? text.length : end;
      return [prefix ? prefix + text.slice(1, stop) : text.slice(0, stop), "\\", text.slice(stop + 1)];
    }
  }
  const drive = /^[a-zA-Z]:/.exec(text)?.[0] ?? "";
  const rest = text.slice(drive.length);
  return rest.startsWith("\\") ? [prefix + drive, "\\", rest.replace(/^\\+/, "")] : [prefix + drive, "", rest];
}

export const PATHS: NamedClasses = {
  "pathlib.Path": named("PosixPath", posix),
  "pathlib.PosixPath": named("PosixPath", posix),
  "pathlib.PurePath": named("PurePosixPath", posix),
  "pathlib.PurePosixPath": named("PurePosixPath", posix),
  "pathlib.PureWindowsPath": named("PureWindowsPath", windows),
  "pathlib.WindowsPath": named(undefined, windows),
  "os.PathLike": named("PurePosixPath", posix),
};
