/** `dspex/python`: importing it adds the Python route; what it exports is for pools of your own. */
import { registerEngine } from "../router/engines.ts";
import { pythonEngine } from "./engine.ts";

registerEngine(pythonEngine);

export { pythonEngine } from "./engine.ts";
export type { Permissions, PoolOptions } from "./profile.ts";
export type { Session, SessionOptions } from "./session.ts";
export { createPool, createSession, type Pool, type PoolCallOptions, type PoolStats, pools } from "./surface.ts";
export type { Listener, Transport } from "./transport/transport.ts";
