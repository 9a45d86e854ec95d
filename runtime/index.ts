/**
 * The public surface of `dspex`: what a program imports, and nothing that only generated code or the compiler needs.
 * Every export can be dropped by a bundler on its own; nothing here imports a Node built-in or the Python bridge.
 */
export { type CompileOptions, compileSignature } from "./compile-signature.ts";
export { configure, type RuntimeOptions } from "./config.ts";
export { close, createRuntime, type Runtime } from "./create-runtime.ts";
export {
  ConfigurationError,
  DspexError,
  type Issue,
  PipelineError,
  PoolError,
  PythonError,
  SignatureError,
  TemplateError,
  ToolError,
} from "./errors.ts";
export { CancelledError, LMError, TimeoutError } from "./later-errors.ts";
export type { LM, LMChunk, LMConfig, LMRequest, LMResponse, Message, Usage } from "./lm/lm.ts";
export { type MajorityOptions, majority } from "./majority.ts";
export { meta } from "./meta.ts";
export * as metrics from "./metrics/index.ts";
export type { DemoOf, Meta, Module, Partially, Prediction, ProgramState, StreamEvent } from "./module-types.ts";
export { type BestOfNOptions, bestOfN, type Reward, refine } from "./modules/best-of-n.ts";
export { chainOfThought } from "./modules/chain-of-thought.ts";
export { type CodeActOptions, codeAct } from "./modules/code-act.ts";
export { type MultiChainComparisonOptions, multiChainComparison } from "./modules/multi-chain-comparison.ts";
export { predict } from "./modules/predict.ts";
export { type ProgramOfThoughtOptions, programOfThought } from "./modules/program-of-thought.ts";
export { type PythonOptions, python } from "./modules/python.ts";
export { type ReActOptions, react, type Trajectory } from "./modules/react.ts";
export { type RlmOptions, rlm } from "./modules/rlm.ts";
export type {
  CacheOptions,
  CacheStore,
  CallOptions,
  Duration,
  FallbackOptions,
  LMOption,
  LMSettings,
  ModuleOptions,
  RouteDecision,
  RouteOption,
  RouteQuestion,
  RouterStrategy,
} from "./options.ts";
export { dumpProgram, loadProgram, type Modules } from "./program/load-program.ts";
export { type Sig, type SignatureOptions, type SignatureTag, sig, signature } from "./sig.ts";
export type { Checked, Field, InputOf, OutputOf, Signature } from "./signature.ts";
export { subscribe } from "./telemetry/subscribe.ts";
export { type NamesIn, renderTemplate, type Template, template } from "./template/index.ts";
export { type Tool, type ToolContext, type ToolDefinition, type ToolParameter, tool } from "./tool.ts";
export { type TypeHole, type } from "./type.ts";
export type { Parse, SignatureOf } from "./types/parse.ts";
export type { DspexRegistry, DspexTags } from "./types/registry.ts";
export { validate } from "./validate.ts";
export { Float, float, History, history, Image, image } from "./values.ts";
