/** `dspex/python`: importing it adds the Python route; what it exports is for pools of your own. */
import { registerEngine } from "../router/engines.ts";
import { pythonEngine } from "./engine.ts";

registerEngine(pythonEngine);
export { pythonEngine } from "./engine.ts";
