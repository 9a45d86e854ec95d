/** `dspex/testing`: models for tests. A script answers what it was told to; a cassette answers what a real model once said. */
export { type CassetteOptions, record, replay } from "./testing/cassette.ts";
export { type ScriptAnswer, type ScriptedLM, type ScriptedOptions, type ScriptStep, scripted } from "./testing/scripted.ts";
