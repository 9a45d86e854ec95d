/** The interpreter the pools use, for scenarios that wrap it or start it by hand. */
import { findPython } from "../../../runtime/python/env/find.ts";

export async function interpreter(): Promise<string> {
  return (await findPython()).executable;
}
