/** The strategies by name. A strategy only chooses; whether the choice can be is checked by `decide`. */
import type { RouteDecision, RouteQuestion, RouterStrategy } from "../options.ts";
import type { Route } from "./engine.ts";

const always = (route: Route): RouterStrategy => ({ name: route, decide: () => ({ route, reason: `route is "${route}"` }) });

/** Native where its result is the same, Python otherwise. Where neither can, native's reason is the one to read: Python's is a missing import. */
function hybrid({ native, python }: RouteQuestion): RouteDecision {
  if (native !== true) return { route: python === true ? "python" : "native", reason: native };
  const reason = "native gives the same result, without a process";
  return { route: "native", reason, ...(python === true && { fallback: "python" }) };
}

/** Runs natively and in Python and compares; the decision names the side whose result is returned. */
function verify({ native, python }: RouteQuestion): RouteDecision {
  if (native !== true) return { route: "native", reason: native };
  if (python !== true) return { route: "python", reason: python };
  return { route: "native", reason: "both routes run and are compared" };
}

export const strategies: Readonly<Record<"native" | "python" | "hybrid" | "verify", RouterStrategy>> = {
  native: always("native"),
  python: always("python"),
  hybrid: { name: "hybrid", decide: hybrid },
  verify: { name: "verify", decide: verify },
};
