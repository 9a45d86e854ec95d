/** Pools under measurement: they find this folder's modules. */
import { fileURLToPath } from "node:url";
import { createPool, type Pool, type PoolOptions } from "../../../../runtime/python/index.ts";

let number = 0;
export function benchPool(options: PoolOptions = {}): Pool {
  return createPool(`bench-${++number}`, { size: 1, pythonPath: [fileURLToPath(new URL("modules", import.meta.url))], ...options });
}

/** Until the condition holds; a bench that waits for ever says nothing. */
export async function until(condition: () => boolean, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
