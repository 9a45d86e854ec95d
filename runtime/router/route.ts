/**
 * Where a call runs. Both sides are asked what they can do; a strategy chooses; an impossible choice is an error that
 * says what was looked for. Nothing here executes.
 */
import { ConfigurationError } from "../errors.ts";
import type { RouteDecision, RouteOption, RouteQuestion, RouterStrategy } from "../options.ts";
import type { AdapterName, Program, Route } from "./engine.ts";
import { nativeCanExecute, registeredEngine } from "./engines.ts";
import { strategies } from "./strategies.ts";

const NO_PYTHON = 'the Python route is not here: nothing has imported "dspex/python"';

/** What each side says of a program: `true`, or why not. */
export function ask(program: Program, adapter: AdapterName): RouteQuestion {
  return {
    program,
    adapter,
    native: registeredEngine("native")?.canExecute(program, adapter) ?? nativeCanExecute(program),
    python: registeredEngine("python")?.canExecute(program, adapter) ?? NO_PYTHON,
  };
}

export function strategyOf(option: RouteOption | undefined): RouterStrategy {
  return typeof option === "object" ? option : strategies[option ?? "hybrid"];
}

/** A strategy's choice, checked: a route that cannot run this program is `route_impossible`. */
export function decide(question: RouteQuestion, strategy: RouterStrategy): RouteDecision {
  const decision = strategy.decide(question);
  const { route } = decision;
  if (route !== "native" && route !== "python")
    throw new ConfigurationError("config_invalid", `The strategy "${strategy.name}" chose ${JSON.stringify(route)}.`, {
      configKey: "route",
      expected: '"native" or "python"',
      actual: String(route),
      remedy: 'Let `decide` return { route: "native" | "python", reason }.',
    });
  const able = question[route];
  if (able !== true) throw impossible(question, route, able);
  return decision;
}

export function otherRoute(route: Route): Route {
  return route === "native" ? "python" : "native";
}

function impossible({ program, native, python }: RouteQuestion, route: Route, reason: string): ConfigurationError {
  const other = route === "native" ? python : native;
  return new ConfigurationError(
    "route_impossible",
    `${program.kind}(${program.signature.name}) cannot run by the ${route} route: ${reason}.`,
    {
      configKey: "route",
      expected: `an engine for ${program.kind}`,
      actual: `native: ${native === true ? "can" : native}; python: ${python === true ? "can" : python}`,
      remedy: remedy(route, other, python),
    },
  );
}

function remedy(route: Route, other: true | string, python: true | string): string {
  if (python === NO_PYTHON)
    return route === "python" && other === true
      ? 'Add `import "dspex/python"` (Node), or leave `route` at "hybrid" to run it natively.'
      : 'Add `import "dspex/python"` (Node) to run it in Python.';
  return other === true ? `Leave \`route\` at "hybrid", or set it to "${otherRoute(route)}".` : "Change what both routes refuse.";
}
