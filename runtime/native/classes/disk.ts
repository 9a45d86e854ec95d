/**
 * pydantic's paths of what is on the disk, or is not yet. Whole fields of them are plain paths to DSPy; inside another
 * type the machine's files decide, so a runtime that has none leaves them to Python.
 */
import { builtin } from "../../builtin.ts";
import { Broken, refuse } from "../coerce/atoms.ts";
import type { PyValue } from "../python/value.ts";
import type { NamedClass, NamedClasses } from "./named.ts";
import { PATHS } from "./path.ts";

interface Stats {
  isFile(): boolean;
  isDirectory(): boolean;
  isSocket(): boolean;
}
interface Files {
  statSync(path: string): Stats;
}

const files = (): Files | undefined => builtin<Files>("fs");

/** Of a class that asks the disk, where there is none. */
export function lacksDisk(name: string): boolean {
  return Object.hasOwn(DISK, name) && files() === undefined;
}

/** Python takes these for "not there", and a name with a null character as well; any other failure is one. */
const ABSENT = /^(?:ENOENT|ENOTDIR|ELOOP|EBADF|ERR_INVALID_ARG_VALUE)$/;

function look(path: string): Stats | undefined {
  try {
    return files()!.statSync(path);
  } catch (error) {
    if (ABSENT.test(String((error as { code?: unknown }).code))) return undefined;
    throw new Broken(`the disk does not say what ${path.slice(0, 60)} is`);
  }
}

/** Of a path as `posix` writes it: `a/b` -> `a`, `a` -> `.`, `/a` -> `/`. */
function parent(path: string): string {
  return /^(\/{0,2}.*)\/[^/]+$/s.exec(path)?.[1] || (path.startsWith("/") ? "/" : ".");
}

function onDisk(format: string, expected: string, holds: (path: string) => boolean | undefined): NamedClass {
  return {
    schema: { type: "string", format },
    read(value: PyValue, state) {
      const path = PATHS["pathlib.Path"]!.read(value, state) as { readonly text: string } & PyValue;
      return holds(path.text) ? path : refuse(expected, value);
    },
  };
}

export const DISK: NamedClasses = {
  "pydantic.FilePath": onDisk("file-path", "the path of a file", (path) => look(path)?.isFile()),
  "pydantic.DirectoryPath": onDisk("directory-path", "the path of a folder", (path) => look(path)?.isDirectory()),
  "pydantic.SocketPath": onDisk("path", "the path of a socket", (path) => look(path)?.isSocket()),
  "pydantic.NewPath": onDisk("path", "a path with a folder and nothing there", (path) => !look(path) && !!look(parent(path))),
};
