/** One of Node's own modules, where there are any: nothing of the core imports one, so that it runs in browsers and edge workers. */
export function builtin<T>(name: string): T | undefined {
  return (globalThis as { process?: { getBuiltinModule?(name: string): unknown } }).process?.getBuiltinModule?.(`node:${name}`) as
    | T
    | undefined;
}
