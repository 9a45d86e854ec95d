/** XMLAdapter: every field in a tag of its own, lists, dicts and models as nested tags (dspy-semantics 2.6). */
import type { TypeSpec } from "../../spec.ts";
import { type FullCodec, fullCodec } from "../codecs/full.ts";
import { Broken } from "../coerce/atoms.ts";
import { coerce, Invalid } from "../coerce/index.ts";
import { withFieldNames } from "../coerce/model.ts";
import { schemaOf } from "../json-schema.ts";
import type { Layout, LayoutField } from "../layout.ts";
import { ParseError } from "../parse-error.ts";
import { str } from "../python/repr.ts";
import type { Dict, PyValue } from "../python/value.ts";
import { strip } from "../python/whitespace.ts";
import { constantValue } from "../values/constant.ts";
import { parseValue } from "../values/parse.ts";
import { toPython } from "../values/python.ts";
import { serialize } from "../values/serialize.ts";
import { complete } from "./chat.ts";
import { has, type Kit, type Values } from "./kit.ts";
import { FILLED, placeholder, systemText } from "./system.ts";
import { type Element, parseXml, XmlError, xmlText } from "./xml-document.ts";

export function xmlKit(layout: Layout): Kit {
  const prepare = (list: Layout["inputs"]) => list.map((field) => ({ field, name: field.name, codec: fullCodec(field) }));
  const inputs = prepare(layout.inputs);
  const outputs = prepare(layout.outputs).map((output) => ({
    ...output,
    form: isNested(output.field.type) ? schemaTag(output.name, output.field.type) : undefined,
  }));
  const shown = (field: LayoutField, codec: FullCodec, output: boolean): string =>
    strip(tagged(field.name, placeholder(field, codec, output)));
  const forms = outputs.flatMap(({ form }) => form ?? []);
  const request = `Respond with the corresponding output fields wrapped in XML tags ${outputs.map(({ name }) => `\`<${name}>\``).join(", then ")}.${forms.length > 0 ? ` Use this nested XML structure: ${forms.join(" ")}` : ""}`;
  const fieldTags = (values: Values): string =>
    strip(inputs.flatMap(({ name, codec }) => (has(values, name) ? [tagged(name, codec.write(values[name]))] : [])).join("\n\n"));

  return {
    layout,
    system: systemText(
      layout,
      fullCodec,
      [
        FILLED,
        inputs.map(({ field, codec }) => shown(field, codec, false)).join("\n\n"),
        outputs.map(({ field, codec, form }) => form ?? shown(field, codec, true)).join("\n\n"),
      ].join("\n\n"),
    ),

    user: (values, prefix, main) => strip([prefix, fieldTags(values), ...(main ? [request] : []), ""].join("\n\n")),

    assistant(values, missing) {
      const tags = outputs.map(({ name, field, codec, form }) => {
        if (!has(values, name)) return tagged(name, missing ?? "None");
        const value = codec.python(values[name]);
        const plain = form === undefined ? null : serialize(value);
        if (Array.isArray(plain) || plain instanceof Map) return valueTag(plain, name);
        const text = codec.write(values[name]);
        return tagged(name, field.type === "str" ? escaped(text) : text);
      });
      return strip(tags.join("\n\n"));
    },

    parse(completion) {
      let root: Element;
      try {
        root = parseXml(`<dspy_root>${completion}</dspy_root>`);
      } catch (error) {
        if (error instanceof XmlError) throw new ParseError(`The completion is not well-formed XML: ${error.message}.`);
        throw error;
      }
      const elements = grouped(root);
      const read = new Map<string, unknown>();
      for (const { name, field } of outputs) {
        const found = elements.get(name);
        if (found) read.set(name, outputOf(name, field.type, found));
      }
      return complete(layout, read, ({ default: value, type }) => toPython(constantValue(value!), type));
    },
  };
}

const tagged = (name: string, text: string): string => `<${name}>\n${text}\n</${name}>`;
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** list[...] and dict[...], models, and Optional of one; DSPy's own types stay text. */
function isNested(type: TypeSpec): boolean {
  if (typeof type === "string") return false;
  if (type.kind === "union") {
    const some = type.members.filter((member) => member !== "none");
    return some.length === 1 && isNested(some[0]!);
  }
  if (type.kind === "generic") {
    const item = type.args[0];
    const ofDspy = typeof item === "object" && item.kind === "class" && item.name.startsWith("dspy.");
    return type.of === "dict" || type.of === "typing.Dict" || ((type.of === "list" || type.of === "typing.List") && !ofDspy);
  }
  return type.kind === "model" || (type.kind === "class" && /^pydantic\.(?:main|root_model)\./.test(type.name));
}

const asMap = (value: PyValue | undefined): Dict | undefined => (value instanceof Map ? value : undefined);
const isNull = (schema: PyValue): boolean => schema instanceof Map && schema.size === 1 && schema.get("type") === "null";

function schemaTag(name: string, type: TypeSpec): string {
  const schema = schemaOf(type, true);
  return shape(name, schema, asMap(schema.get("$defs")) ?? new Map(), []);
}

/** A schema as empty tags: `<person><name>...</name></person>`; what contains itself ends in dots. */
function shape(tag: string, schema: Dict, definitions: Dict, seen: readonly string[]): string {
  const reference = schema.get("$ref");
  if (typeof reference === "string") {
    const name = reference.slice(reference.lastIndexOf("/") + 1);
    return seen.includes(name) ? `<${tag}>...</${tag}>` : shape(tag, asMap(definitions.get(name))!, definitions, [...seen, name]);
  }
  const any = schema.get("anyOf");
  if (Array.isArray(any) && any.length > 0)
    return shape(
      tag,
      (any.find((choice) => !(choice instanceof Map && choice.get("type") === "null")) ?? any[0]) as Dict,
      definitions,
      seen,
    );
  if (schema.get("type") === "array")
    return `<${tag}>${shape("item", asMap(schema.get("items")) ?? new Map(), definitions, seen)}</${tag}>`;
  const children = [...(asMap(schema.get("properties")) ?? [])]
    .map(([name, child]) => shape(String(name), child as Dict, definitions, seen))
    .join("");
  return `<${tag}>${children || "..."}</${tag}>`;
}

function valueTag(value: PyValue, tag: string, key?: string): string {
  const attributes = key === undefined ? "" : ` key=${quotedAttribute(key)}`;
  if (Array.isArray(value)) {
    const items = value.map((item: PyValue) => valueTag(item, "item")).join("");
    return items ? `<${tag}${attributes}>${items}</${tag}>` : `<${tag}${attributes} />`;
  }
  if (value instanceof Map) {
    const members = [...value].map(([name, item]) =>
      isTag(String(name)) ? valueTag(item, String(name)) : valueTag(item, "entry", String(name)),
    );
    return `<${tag}${attributes}>${members.join("")}</${tag}>`;
  }
  return value === null ? `<${tag}${attributes} />` : `<${tag}${attributes}>${escaped(str(value))}</${tag}>`;
}

/** A Python identifier, dots and dashes allowed after the first character. */
const isTag = (name: string): boolean => /^[\p{XIDS}_][\p{XIDC}.-]*$/u.test(name);

/** `xml.sax.saxutils.quoteattr` */
function quotedAttribute(text: string): string {
  const safe = text
    .replaceAll("&", "&amp;")
    .replaceAll(">", "&gt;")
    .replaceAll("<", "&lt;")
    .replaceAll("\n", "&#10;")
    .replaceAll("\r", "&#13;")
    .replaceAll("\t", "&#9;");
  if (!safe.includes('"')) return `"${safe}"`;
  return safe.includes("'") ? `"${safe.replaceAll('"', "&quot;")}"` : `'${safe}'`;
}

function grouped(element: Element): Map<string, Element[]> {
  const groups = new Map<string, Element[]>();
  for (const child of element.children) {
    const name = child.tag === "entry" ? (child.attributes.get("key") ?? child.tag) : child.tag;
    const group = groups.get(name);
    if (group) group.push(child);
    else groups.set(name, [child]);
  }
  return groups;
}

/** By the type's schema, then by each of its alternatives, until one is valid. */
function outputOf(name: string, type: TypeSpec, elements: readonly Element[]): PyValue {
  const schema = schemaOf(type, true);
  const definitions = asMap(schema.get("$defs")) ?? new Map();
  const alternatives = schema.get("anyOf");
  let reason: Error | undefined;
  for (const candidate of [schema, ...(Array.isArray(alternatives) ? (alternatives as Dict[]) : [])]) {
    const value = elementValue(elements, candidate, definitions);
    try {
      try {
        return parseValue(value, type);
      } catch (error) {
        if (error instanceof Broken) throw new ParseError(`${name}: ${error.message}`, { field: name });
        return withFieldNames(() => coerce(type, value));
      }
    } catch (error) {
      if (!(error instanceof Error) || error instanceof ParseError) throw error;
      reason = error;
    }
  }
  throw new ParseError(`${name}: ${(reason ?? new Invalid("no value")).message}`, { field: name });
}

function elementValue(elements: readonly Element[], given: Dict, definitions: Dict): PyValue {
  let schema = given;
  const reference = schema.get("$ref");
  if (typeof reference === "string") schema = asMap(definitions.get(reference.slice(reference.lastIndexOf("/") + 1))) ?? schema;
  const first = elements[0]!;
  const text = strip(first.text);
  const leaf = first.children.length === 0;
  const any = schema.get("anyOf");
  if (Array.isArray(any) && any.length > 0) {
    if (any.some(isNull) && leaf && !text) return null;
    const choices = any.filter((choice) => !(choice instanceof Map && choice.get("type") === "null")) as Dict[];
    schema = choices[0]!;
    if (!leaf) schema = choices.find((choice) => choice.get("type") !== "string") ?? schema;
  }
  if (schema.get("type") === "array") {
    if (elements.length === 1 && leaf && (!text || text.startsWith("["))) return text ? text : [];
    const items = elements.length === 1 ? (grouped(first).get("item") ?? elements) : elements;
    return items.map((item) => elementValue([item], asMap(schema.get("items")) ?? new Map(), definitions));
  }
  if (schema.get("type") === "string" && !leaf) return first.text + first.children.map(xmlText).join("");
  const children = grouped(first);
  if (children.size === 0) {
    if (schema.get("type") === "object" && !text) return new Map();
    const values = elements.map((element) => strip(element.text));
    return values.length === 1 ? values[0]! : values;
  }
  const properties = asMap(schema.get("properties"));
  const others = asMap(schema.get("additionalProperties")) ?? new Map();
  return new Map([...children].map(([name, items]) => [name, elementValue(items, asMap(properties?.get(name)) ?? others, definitions)]));
}
