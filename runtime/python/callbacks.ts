/** Answers what Python asks of the host: completions, tools, metrics. Never gated by credits, refused after the call's end. */
import { DspexError, LMError } from "../errors.ts";
import type { Call } from "./call.ts";
import { pack, toWire } from "./wire/codec.ts";
import type { Connection } from "./wire/connection.ts";
import { FrameType } from "./wire/frame.ts";
import type { CallbackBody } from "./wire/messages.ts";

export async function answerCallback(connection: Connection, stream: number, asked: CallbackBody, call: Call | undefined): Promise<void> {
  const refuse = (kind: string, message: string, type = "") =>
    connection.send(FrameType.callbackError, stream, pack({ kind, message, type }), true);
  if (!call || call.state !== "running" || call.settled) return refuse("call_closed", "the call has ended");
  if (!call.request.callback) return refuse("refused", `this call answers no ${asked.kind}`);
  const emit = (chunk: unknown) => connection.send(FrameType.callbackChunk, stream, pack({ value: toWire(chunk) }), true);
  try {
    const value = await call.request.callback(asked, call, emit);
    if (call.state !== "running") return refuse("call_closed", "the call has ended");
    connection.send(FrameType.callbackResult, stream, pack({ value: toWire(value) }));
  } catch (error) {
    if (call.state !== "running") return refuse("call_closed", "the call has ended");
    const failure = error instanceof Error ? error : new Error(String(error));
    refuse(error instanceof LMError ? error.code : error instanceof DspexError ? error.code : "host", failure.message, failure.name);
  }
}
