/** The emitter that stands in where diagnostics_channel is missing behaves as the real one does. */
import vm from "node:vm";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import type * as ChannelModule from "../../../runtime/telemetry/channel.ts";
import * as native from "../../../runtime/telemetry/channel.ts";

/** The module as it loads where there is no `process`. */
async function elsewhere(): Promise<typeof ChannelModule> {
  const { outputFiles } = await build({
    entryPoints: ["runtime/telemetry/channel.ts"],
    bundle: true,
    format: "iife",
    globalName: "loaded",
    write: false,
  });
  const context = vm.createContext({ queueMicrotask });
  vm.runInContext(outputFiles[0]!.text, context);
  return context.loaded as typeof ChannelModule;
}

describe.each([
  ["in Node", async () => native],
  ["elsewhere", elsewhere],
] as const)("%s", (_, load) => {
  test("a channel is heard by those who subscribe, as long as they do", async () => {
    const { channel } = await load();
    const events = channel<number>("dspex.test.plain");
    expect(channel("dspex.test.plain")).toBe(events);
    const heard: unknown[] = [];
    const listener = (message: number, name: string | symbol) => void heard.push([message, name]);
    expect(events.hasSubscribers).toBe(false);
    events.subscribe(listener);
    expect(events.hasSubscribers).toBe(true);
    events.publish(1);
    expect(events.unsubscribe(listener)).toBe(true);
    expect(events.unsubscribe(listener)).toBe(false);
    events.publish(2);
    expect(heard).toEqual([[1, "dspex.test.plain"]]);
  });

  test("a span tells its moments in order, with result or error", async () => {
    const { spanChannel } = await load();
    const span = spanChannel<{ id: number; result?: unknown; error?: unknown }>("dspex.test.span");
    const told: string[] = [];
    const at = (moment: string) => (event: { id: number; error?: unknown }) =>
      void told.push(`${moment} ${event.id}${event.error ? " failed" : ""}`);
    const listeners = { start: at("start"), end: at("end"), asyncStart: at("asyncStart"), asyncEnd: at("asyncEnd"), error: at("error") };
    span.subscribe(listeners);
    expect(span.hasSubscribers).toBe(true);
    expect(await span.tracePromise(async () => "done", { id: 1 })).toBe("done");
    await expect(span.tracePromise(() => Promise.reject(new Error("x")), { id: 2 })).rejects.toThrow("x");
    span.unsubscribe(listeners);
    expect(span.hasSubscribers).toBe(false);
    expect(told).toEqual([
      "start 1",
      "end 1",
      "asyncStart 1",
      "asyncEnd 1",
      "start 2",
      "end 2",
      "error 2 failed",
      "asyncStart 2 failed",
      "asyncEnd 2 failed",
    ]);
  });
});
