/**
 * Who can run programs. `native` is built in and loads at its first use; `python` is here once `import "dspex/python"`
 * has run. The registry hangs on a global symbol: where an application is bundled with one copy of the core and
 * "dspex/python" outside the bundle brings another, the engine is seen and can say that they do not go together.
 */
import type { Engine, EngineCall, Program, Route } from "./engine.ts";

const key = Symbol.for("dspex.engines");
const host = globalThis as { [key]?: Map<Route, Engine> };
host[key] ??= new Map();
const registry: Map<Route, Engine> = host[key];

/** Makes an engine known to the router; a second one for the same route takes the first one's place. */
export function registerEngine(engine: Engine): void {
  registry.set(engine.route, engine);
}

/** The engine of a route, when it is loaded or registered. */
export function registeredEngine(route: Route): Engine | undefined {
  return registry.get(route);
}

/** As `registeredEngine`, loading the built-in native engine when nobody has registered another. */
export async function loadEngine(route: Route): Promise<Engine | undefined> {
  if (route === "native" && !registry.has("native")) {
    const { nativeEngine } = await import("../native/engine.ts");
    if (!registry.has("native")) registerEngine(nativeEngine);
  }
  return registry.get(route);
}

/** What the native engine runs, known without loading it: `module.route()` answers at once. The loaded engine also looks at the types. */
export function nativeCanExecute({ kind, native }: Program): true | string {
  return native !== undefined || kind === "predict" || kind === "chainOfThought" || `${kind} runs in Python only`;
}

/** What `close()` calls: engines let their processes go; those of one runtime's pools, or all of them. */
export async function closeEngines(pools?: EngineCall["pools"]): Promise<void> {
  await Promise.all([...registry.values()].map((engine) => engine.close?.(pools)));
}
