/** The same fields in Ax, with its own mock service; null where Ax is not installed. */
import { peer } from "../../harness.ts";
import { inputs } from "./program.ts";

interface AxModule {
  readonly ax: (signature: string) => AxGen;
  readonly AxMockAIService: new (config: unknown) => unknown;
  readonly AxSignature: new (signature: string) => unknown;
  readonly AxPromptTemplate: new (signature: unknown) => { render(values: unknown, extra: unknown): unknown };
}
interface AxGen {
  forward(ai: unknown, values: unknown): Promise<Record<string, unknown>>;
  streamingForward(ai: unknown, values: unknown): AsyncIterable<unknown>;
}

const SIGNATURE = "question:string, context:string -> reasoning:string, answer:string, confidence:number";
const REPLY = "Reasoning: The context names the capital.\nSo the answer is clear.\nAnswer: Paris\nConfidence: 0.9";

export interface Ax {
  render(): unknown;
  forward(): Promise<unknown>;
  /** Streams these chunks as the answer and reads them all. */
  stream(chunks: readonly string[]): Promise<void>;
}

export async function ax(): Promise<Ax | null> {
  const found = await peer<AxModule>("@ax-llm/ax");
  if (!found) return null;
  const { ax: make, AxMockAIService, AxPromptTemplate, AxSignature } = found;
  const template = new AxPromptTemplate(new AxSignature(SIGNATURE));
  const gen = make(SIGNATURE);
  const ai = new AxMockAIService({
    features: { functions: false, streaming: false },
    chatResponse: { results: [{ index: 0, content: REPLY, finishReason: "stop" }] },
  });
  return {
    render: () => template.render(inputs, {}),
    forward: () => gen.forward(ai, inputs),
    async stream(chunks) {
      const chatResponse = () =>
        new ReadableStream({
          start(controller) {
            for (const content of chunks) controller.enqueue({ results: [{ index: 0, content }] });
            controller.close();
          },
        });
      const streaming = new AxMockAIService({ features: { functions: false, streaming: true }, chatResponse });
      for await (const _ of make("question:string, context:string -> answer:string").streamingForward(streaming, inputs));
    },
  };
}
