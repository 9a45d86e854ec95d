/**
 * XML as strict as the parser behind Python's ElementTree: one stray `&` or `<` anywhere and nothing is read. Document
 * types are refused, so there are no entities to expand.
 */
import { codePointOrder } from "../python/order.ts";

export class XmlError extends Error {}

export interface Element {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  /** Before the first child. */
  text: string;
  /** After the end tag. */
  tail: string;
}

/** Letters as XML 1.0 has them since Unicode 2.0: none beyond the Hangul syllables. */
const NAME = /(?![\ud7a4-\u{10ffff}])[\p{L}_:](?:(?![\ud7a4-\u{10ffff}])[\p{L}\p{N}\p{M}_:.\-·])*/uy;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

export function parseXml(source: string): Element {
  if (FORBIDDEN.test(source)) throw new XmlError("a character that XML forbids");
  const input = source.replace(/\r\n?/g, "\n");
  let at = 0;
  const fail = (message: string): never => {
    throw new XmlError(`${message} at character ${at}`);
  };
  const name = (): string => {
    NAME.lastIndex = at;
    const found = NAME.exec(input)?.[0] ?? fail("a name was expected");
    at += found.length;
    return found;
  };
  const blanks = (): boolean => {
    const start = at;
    while (/[ \t\n]/.test(input[at] ?? "")) at++;
    return at > start;
  };
  const after = (mark: string, from: number): number => {
    const end = input.indexOf(mark, from);
    return end === -1 ? fail(`${mark} is missing`) : end;
  };

  function expand(raw: string): string {
    if (!raw.includes("&")) return raw;
    return raw.replace(/&(?:#x([0-9a-fA-F]+);|#([0-9]+);|([A-Za-z]+);)?/g, (whole, hex?: string, decimal?: string, word?: string) => {
      if (word !== undefined) return ENTITIES[word] ?? fail(`unknown entity ${whole}`);
      if (hex === undefined && decimal === undefined) return fail("& stands alone");
      const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || FORBIDDEN.test(String.fromCharCode(code)) || code === 0)
        return fail(`${whole} is no character`);
      return String.fromCodePoint(code);
    });
  }

  function startTag(spaces: ReadonlyMap<string, string>): { element: Element; closed: boolean; spaces: ReadonlyMap<string, string> } {
    at++;
    const raw = name();
    const attributes = new Map<string, string>();
    for (;;) {
      const gap = blanks();
      if (input[at] === ">" || input.startsWith("/>", at)) break;
      if (!gap) fail("a blank was expected");
      const key = name();
      blanks();
      if (input[at++] !== "=") fail("= was expected");
      blanks();
      const quote = input[at++];
      if (quote !== '"' && quote !== "'") fail("a quote was expected");
      const end = after(quote!, at);
      const value = input.slice(at, end);
      if (value.includes("<")) fail("< inside an attribute");
      if (attributes.has(key)) fail(`${key} is written twice`);
      attributes.set(key, expand(value.replace(/[\t\n]/g, " ")));
      at = end + 1;
    }
    const closed = input[at] === "/";
    at += closed ? 2 : 1;
    const known = new Map(spaces);
    for (const [key, value] of attributes) {
      if (key !== "xmlns" && !key.startsWith("xmlns:")) continue;
      known.set(key === "xmlns" ? "" : key.slice(6), value);
      attributes.delete(key);
    }
    const resolve = (full: string, plain: boolean): string => {
      const colon = full.indexOf(":");
      const space = known.get(colon === -1 ? "" : full.slice(0, colon));
      if (colon === -1) return plain && space ? `{${space}}${full}` : full;
      return space === undefined ? fail(`unbound prefix in ${full}`) : `{${space}}${full.slice(colon + 1)}`;
    };
    const resolved = new Map([...attributes].map(([key, value]) => [resolve(key, false), value]));
    return { element: { tag: resolve(raw, true), attributes: resolved, children: [], text: "", tail: "" }, closed, spaces: known };
  }

  const holder: Element = { tag: "", attributes: new Map(), children: [], text: "", tail: "" };
  const open: { element: Element; raw: string; spaces: ReadonlyMap<string, string> }[] = [
    { element: holder, raw: "", spaces: new Map([["xml", "http://www.w3.org/XML/1998/namespace"]]) },
  ];
  const add = (text: string): void => {
    const { element } = open.at(-1)!;
    const last = element.children.at(-1);
    if (open.length === 1 && /[^ \t\n]/.test(text)) fail("text outside the document");
    if (last) last.tail += text;
    else element.text += text;
  };

  while (at < input.length) {
    if (input[at] !== "<") {
      const end = input.indexOf("<", at);
      const raw = input.slice(at, end === -1 ? input.length : end);
      if (raw.includes("]]>")) fail("]]> in text");
      add(expand(raw));
      at += raw.length;
    } else if (input.startsWith("<!--", at)) {
      const end = after("--", at + 4);
      if (input[end + 2] !== ">") fail("-- inside a comment");
      at = end + 3;
    } else if (input.startsWith("<![CDATA[", at)) {
      if (open.length === 1) fail("text outside the document");
      const end = after("]]>", at + 9);
      add(input.slice(at + 9, end));
      at = end + 3;
    } else if (input.startsWith("<?", at)) {
      at += 2;
      if (name().toLowerCase() === "xml") fail("an XML declaration that is not at the start");
      at = after("?>", at) + 2;
    } else if (input.startsWith("</", at)) {
      at += 2;
      const raw = name();
      blanks();
      if (input[at++] !== ">") fail("> was expected");
      if (open.length === 1 || open.pop()!.raw !== raw) fail(`mismatched tag ${raw}`);
    } else {
      const start = at + 1;
      const { spaces } = open.at(-1)!;
      if (open.length === 1 && holder.children.length > 0) fail("junk after the document");
      if (open.length > 500) fail("nested too deeply");
      const tag = startTag(spaces);
      NAME.lastIndex = start;
      open.at(-1)!.element.children.push(tag.element);
      if (!tag.closed) open.push({ element: tag.element, raw: NAME.exec(input)![0], spaces: tag.spaces });
    }
  }
  if (open.length > 1) fail("an end tag is missing");
  return holder.children[0] ?? fail("no element");
}

/** Prefixes ElementTree knows by itself; another namespace is `ns` and its number. */
const PREFIXES: Readonly<Record<string, string>> = {
  "http://www.w3.org/XML/1998/namespace": "xml",
  "http://www.w3.org/1999/xhtml": "html",
  "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
  "http://schemas.xmlsoap.org/wsdl/": "wsdl",
  "http://www.w3.org/2001/XMLSchema": "xs",
  "http://www.w3.org/2001/XMLSchema-instance": "xsi",
  "http://purl.org/dc/elements/1.1/": "dc",
};

/** `ElementTree.tostring`, the text after the element included. Namespaces are declared on the outermost element. */
export function xmlText(root: Element): string {
  const spaces = new Map<string, string>();
  const short = (name: string): string => {
    const end = name.lastIndexOf("}");
    if (end === -1) return name;
    const uri = name.slice(1, end);
    const prefix = spaces.get(uri) ?? PREFIXES[uri] ?? `ns${spaces.size}`;
    if (prefix !== "xml") spaces.set(uri, prefix);
    return `${prefix}:${name.slice(end + 1)}`;
  };
  const write = (element: Element, declared: () => string): string => {
    const tag = short(element.tag);
    const own = [...element.attributes].map(([key, value]) => ` ${short(key)}="${attributeText(value)}"`).join("");
    const inside = escapeText(element.text) + element.children.map((child) => write(child, () => "")).join("");
    return `<${tag}${declared()}${own}${inside ? `>${inside}</${tag}>` : " />"}${escapeText(element.tail)}`;
  };
  const declarations = (): string =>
    [...spaces]
      .sort(([, a], [, b]) => codePointOrder(a, b))
      .map(([uri, prefix]) => ` xmlns:${prefix}="${attributeText(uri)}"`)
      .join("");
  return write(root, declarations);
}

const escapeText = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const attributeText = (text: string): string =>
  escapeText(text).replaceAll('"', "&quot;").replaceAll("\r", "&#13;").replaceAll("\n", "&#10;").replaceAll("\t", "&#09;");
