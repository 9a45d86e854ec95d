/** Answers what Python asks of the host: completions, tools, metrics. Never gated by credits, refused after the call's end. */
import { AsyncLocalStorage } from "node:async_hooks";
import { DspexError } from "../errors.ts";
import type { Call } from "./call.ts";
import { describeThrown } from "./thrown.ts";
import { pack, toWire } from "./wire/codec.ts";
import type { Connection } from "./wire/connection.ts";
import { FrameType } from "./wire/frame.ts";
import type { CallbackBody } from "./wire/messages.ts";

/** The call on whose behalf the host runs right now: what it asks of Python in turn must not wait for the worker it holds. */
export const nesting: AsyncLocalStorage<Call> = new AsyncLocalStorage<Call>();

export async function answerCallback(connection: Connection, stream: number, asked: CallbackBody, call: Call | undefined): Promise<void> {
  const refuse = (kind: string, message: string, type = "") =>
    connection.send(FrameType.callbackError, stream, pack({ kind, message, type }), true);
  if (call?.state !== "running" || call.settled) return refuse("call_closed", "the call has ended");
  if (!call.request.callback) return refuse("refused", `this call answers no ${asked.kind}`);
  const emit = (chunk: unknown) => connection.send(FrameType.callbackChunk, stream, pack(toWire(chunk)), true);
  try {
    // A value's getters, and what is thrown, may throw in their turn: none of it may leave this function.
    const value = await nesting.run(call, call.request.callback, { ...asked, args: await asked.args }, call, emit);
    if (call.state !== "running") return refuse("call_closed", "the call has ended");
    connection.send(FrameType.callbackResult, stream, pack(toWire(value)));
  } catch (error) {
    if (call.state !== "running") return refuse("call_closed", "the call has ended");
    const { message, type } = describeThrown(error);
    refuse(error instanceof DspexError ? error.code : "host", message, type);
  }
}
