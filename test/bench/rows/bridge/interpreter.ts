/** The interpreter of the pools under measurement; peers run on the same one where they can. */
import { findPython } from "../../../../runtime/python/env/find.ts";

export async function interpreter(): Promise<string> {
  return (await findPython()).executable;
}
