/** Both builds send the same: the generated one repeats every native call up to its first request. */
import { isDeepStrictEqual } from "node:util";
import type { Module } from "dspex";
import type { Example } from "../triage.ts";
import type { Case } from "./cases.ts";
import type { Sent } from "./model.ts";
import type { Builds } from "./prepare.ts";
import { keyOf, type RouteRun, STEPS } from "./run.ts";

export async function buildsAgree(
  builds: Builds,
  examples: readonly Example[],
  cases: readonly Case[],
  native: RouteRun,
): Promise<{ same: number; calls: number }> {
  const modules = builds.generated.program.modules(examples);
  let same = 0;
  let calls = 0;
  for (const { id, message } of cases) {
    for (const step of STEPS) {
      const before = native.answers.get(keyOf(id, step));
      if (!before) continue;
      let first: Sent | undefined;
      // What is sent first does not depend on what is answered.
      const lm = ({ messages }: { messages: Sent }): string => {
        first ??= messages;
        throw new Error("heard enough");
      };
      await (modules[step] as Module)({ message }, { route: "native", lm, retries: 0 }).catch(() => {});
      calls++;
      if (isDeepStrictEqual(first, before.sent[0])) same++;
    }
  }
  return { same, calls };
}
