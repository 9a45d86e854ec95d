import { sig, signature, tool } from "dspex";
import * as d from "dspex";

const s = sig;
const other = d.signature;
const { sig: third } = d;
const { tool: required } = require("dspex");
const loaded = (await import("dspex")).sig;
export { sig, signature as seed };
export { tool as handedOn } from "dspex";
use(sig);
const inAnObject = { sig };
declare function use(value: unknown): void;
