import { lacksDisk } from "./disk.ts";

/** Why a class is left to Python. Every class a signature names is asked about here before anything is rendered or read. */
export function declinedClass(name: string): string | undefined {
  return lacksDisk(name) ? `${name} looks at the files of the machine, and this runtime has none` : undefined;
}
