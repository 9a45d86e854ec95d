/** One request whose reply is read as it comes, and judged as a whole at its end. */
import type { LMChunk, LMResponse, Message } from "../../lm/lm.ts";
import type { AdapterName, Exchange } from "../../router/engine.ts";
import { format, parseOutputs, responseFormat } from "../full.ts";
import { ParseError } from "../parse-error.ts";
import type { Question } from "../predict.ts";
import { ChatReader } from "./chat.ts";
import type { Fields } from "./fields.ts";
import { JsonReader } from "./json.ts";
import type { StreamReader } from "./reader.ts";
import { XmlReader } from "./xml.ts";

export class Reply {
  private readonly question: Question;
  private readonly adapter: AdapterName;
  private readonly fields: Fields;
  private readonly messages: readonly Message[];
  private readonly chunks: AsyncIterator<LMChunk>;
  private readonly reader: StreamReader;
  private readonly pieces: string[] = [];
  private last: LMChunk | undefined;
  private over = false;

  constructor(question: Question, adapter: AdapterName, nativeTools: boolean, fields: Fields) {
    const { layout, demos, inputs, call, config } = question;
    const { lm, signal, deadline, retries } = call;
    signal.throwIfAborted();
    this.question = question;
    this.adapter = adapter;
    this.fields = fields;
    this.messages = format(adapter, layout, demos, inputs, nativeTools);
    const asked = adapter === "json" ? responseFormat(layout, lm.supports, nativeTools) : undefined;
    const request = { messages: this.messages, config, retries, signal, deadline, ...(asked !== undefined && { responseFormat: asked }) };
    this.chunks = (lm.stream ? lm.stream(request) : whole(() => lm.complete(request)))[Symbol.asyncIterator]();
    this.reader = readerOf(adapter, new Set(layout.outputs.map(({ name }) => name)), fields);
  }

  /** Something of it has been shown. */
  get shown(): boolean {
    return this.fields.emitted;
  }

  read(): Promise<IteratorResult<LMChunk, unknown>> {
    // A model written by hand may give a chunk without a promise.
    return Promise.resolve(this.chunks.next());
  }

  feed(chunk: LMChunk): void {
    this.last = chunk;
    const { text } = chunk;
    if (text === "") return;
    this.pieces.push(text);
    this.reader.feed(text);
  }

  /** No chunk is left: the values of the whole text. Throws `ParseError`. */
  finish(): Record<string, unknown> {
    this.over = true;
    this.reader.end();
    const { layout, call, exchanges } = this.question;
    const exchange = this.exchange();
    try {
      const text = exchange.response!.choices[0]!.text;
      if (text === "") throw new ParseError("The model returned an empty reply.", { missing: layout.outputs.map(({ name }) => name) });
      const values = parseOutputs(this.adapter, layout, text, call.program.signature.name, call.lenient);
      exchanges.push(exchange);
      if (this.fields.contradicts(values)) this.fields.restate(values);
      else this.fields.finish(values);
      return values;
    } catch (error) {
      if (error instanceof Error) exchanges.push({ ...exchange, failed: error.message });
      throw error;
    }
  }

  private exchange(): Exchange {
    const { usage, model, finishReason } = this.last ?? { text: "" };
    const choice = { text: this.pieces.join(""), ...(finishReason !== undefined && { finishReason }) };
    const response: LMResponse = { choices: [choice], ...(usage && { usage }), ...(model !== undefined && { model }) };
    return {
      messages: this.messages,
      response,
      adapter: this.adapter,
      model: model ?? this.question.call.lm.model,
      ...(usage && { usage }),
    };
  }

  async leave(): Promise<void> {
    if (!this.over) await this.chunks.return?.();
  }
}

/** A model that does not stream, as one chunk. */
async function* whole(complete: () => Promise<LMResponse>): AsyncGenerator<LMChunk> {
  const { choices, usage, model } = await complete();
  yield { text: choices[0]?.text ?? "", ...(usage && { usage }), ...(model !== undefined && { model }) };
}

function readerOf(adapter: AdapterName, names: ReadonlySet<string>, fields: Fields): StreamReader {
  return adapter === "json"
    ? new JsonReader(names, fields)
    : adapter === "xml"
      ? new XmlReader(names, fields)
      : new ChatReader(names, fields);
}
