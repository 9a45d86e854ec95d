/** pydantic's URLs: the WHATWG parser, then each class's schemes, length and defaults; several hosts where a class allows them. */
import { refuse, toStr } from "../coerce/atoms.ts";
import { Invalid, LAX, type State } from "../coerce/state.ts";
import { type PyValue, Scalar, type ScalarClass } from "../python/value.ts";
import type { NamedClass, NamedClasses } from "./named.ts";
import { punycode } from "./punycode.ts";

interface Rules {
  readonly schemes?: string;
  /** In bytes of the text as it was given. */
  readonly maxLength?: number;
  readonly hostRequired?: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly manyHosts?: boolean;
}

const RULES: Readonly<Record<string, Rules>> = {
  AnyUrl: {},
  AnyHttpUrl: { schemes: "http https" },
  HttpUrl: { schemes: "http https", maxLength: 2083 },
  AnyWebsocketUrl: { schemes: "ws wss" },
  WebsocketUrl: { schemes: "ws wss", maxLength: 2083 },
  FileUrl: { schemes: "file" },
  FtpUrl: { schemes: "ftp" },
  PostgresDsn: {
    schemes:
      "postgres postgresql postgresql+asyncpg postgresql+pg8000 postgresql+psycopg postgresql+psycopg2 postgresql+psycopg2cffi postgresql+py-postgresql postgresql+pygresql",
    hostRequired: true,
    manyHosts: true,
  },
  CockroachDsn: { schemes: "cockroachdb cockroachdb+psycopg2 cockroachdb+asyncpg", hostRequired: true },
  AmqpDsn: { schemes: "amqp amqps" },
  RedisDsn: { schemes: "redis rediss", host: "localhost", port: 6379, path: "/0", hostRequired: true },
  MongoDsn: { schemes: "mongodb mongodb+srv", port: 27017, manyHosts: true },
  KafkaDsn: { schemes: "kafka", host: "localhost", port: 9092 },
  NatsDsn: { schemes: "nats tls ws wss", host: "localhost", port: 4222, manyHosts: true },
  MySQLDsn: {
    schemes: "mysql mysql+mysqlconnector mysql+aiomysql mysql+asyncmy mysql+mysqldb mysql+pymysql mysql+cymysql mysql+pyodbc",
    port: 3306,
    hostRequired: true,
  },
  MariaDBDsn: { schemes: "mariadb mariadb+mariadbconnector mariadb+pymysql", port: 3306 },
  ClickHouseDsn: {
    schemes: "clickhouse+native clickhouse+asynch clickhouse+http clickhouse clickhouses clickhousedb",
    host: "localhost",
    port: 9000,
  },
  SnowflakeDsn: { schemes: "snowflake", hostRequired: true },
};

function parsed(text: string): URL {
  try {
    // Nobody at no host is a URL without a host.
    const url = new URL(text.replace(/^([\0- ]*[a-zA-Z][a-zA-Z0-9+.-]*:\/\/):?@([\0- ]*)$/, "$1$2"));
    // A drive's letter in a file's path leaves no host in pydantic's parser.
    if (url.protocol === "file:" && /^\/+[a-zA-Z]:(?:\/|$)/.test(url.pathname)) url.hostname = "";
    if (isSpecial(url.protocol) && !url.hostname.split(".").every(isLabel)) throw new Invalid("no domain name");
    return url;
  } catch {
    throw new Invalid(`expected a URL, received ${JSON.stringify(text.slice(0, 200))}`);
  }
}

const isSpecial = (protocol: string): boolean => /^(?:https?|wss?|ftp|file):$/i.test(protocol);

/** Newer parsers let an `xn--` label pass that stands for no name; pydantic's does not. */
function isLabel(label: string): boolean {
  if (!label.startsWith("xn--")) return true;
  const name = punycode(label.slice(4));
  return name !== undefined && new URL(`http://${name}`).hostname === label;
}

/** The URL's text, in two things as older parsers have it: a path's `^` stays itself, a file's path has one slash in front. */
function href(url: URL, text: string): string {
  let path = url.pathname;
  if (text.includes("^") && path.includes("%5E")) {
    const mark = "\u{e000}";
    path = new URL(text.replaceAll("^", mark)).pathname.replaceAll(encodeURIComponent(mark), "^");
  }
  if (url.protocol === "file:") path = path.replace(/^\/+/, "/");
  if (path === url.pathname) return url.href;
  const bare = new URL(url);
  [bare.search, bare.hash] = ["", ""];
  return bare.href.slice(0, bare.href.length - bare.pathname.length) + path + url.href.slice(bare.href.length);
}

/** Each is parsed as a URL of its own: what a hostile text may cost. */
const MOST_HOSTS = 10_000;

/** The whole text's URL with its last host, and the hosts before it. */
function split(text: string): { url: URL; others: readonly URL[] } {
  const start = /^[\0- ]*[a-zA-Z0-9+.-]*:[/\\]*/.exec(text)?.[0];
  if (start === undefined) return { url: parsed(text), others: [] };
  const end = text.slice(start.length).search(isSpecial(start.trim().replace(/[/\\]*$/, "")) ? /[/?#\\]/ : /[/?#]/);
  const authority = end < 0 ? text.slice(start.length) : text.slice(start.length, start.length + end);
  const hosts = authority.split(",");
  if (hosts.length > MOST_HOSTS) throw new Invalid(`expected at most ${MOST_HOSTS} hosts`);
  const last = hosts.pop()!;
  const url = parsed(start + last + text.slice(start.length + authority.length));
  const others = hosts.map((host) => parsed(start + host));
  if (hosts.length > 0 && (hosts.includes("") || [url, ...others].some(({ host }) => host === "")))
    throw new Invalid("expected a host between commas");
  return { url, others };
}

function complete(url: URL, rules: Rules): void {
  if (rules.schemes && !rules.schemes.split(" ").includes(url.protocol.slice(0, -1)))
    throw new Invalid(`expected a URL of scheme ${rules.schemes.replaceAll(" ", ", ")}`);
  if (url.host === "" && rules.host) url.hostname = rules.host;
  if (url.host === "" && (rules.host || rules.hostRequired || rules.port)) throw new Invalid("expected a URL with a host");
  if (url.port === "" && rules.port) url.port = String(rules.port);
  if (rules.path && (url.pathname === "" || url.pathname === "/")) url.pathname = rules.path;
}

/** The other hosts go in front of the last one, as they were normalised. */
function written(url: URL, others: readonly URL[], text: string): string {
  const whole = href(url, text);
  if (others.length === 0) return whole;
  const at = url.protocol.length + 2;
  const hosts = others.map((other) => other.href.slice(at).replace(/\/$/, ""));
  return `${whole.slice(0, at)}${hosts.join(",")},${whole.slice(at)}`;
}

function named(name: string, rules: Rules): NamedClass {
  const of = name as ScalarClass;
  return {
    schema: {
      type: "string",
      format: rules.manyHosts ? "multi-host-uri" : "uri",
      minLength: 1,
      ...(rules.maxLength && { maxLength: rules.maxLength }),
    },
    read(value: PyValue, state: State) {
      if (value instanceof Scalar && value.of === of) return value;
      state.floor(LAX);
      const text = value instanceof Scalar && value.of in RULES ? value.text : toStr(value, state);
      if (typeof text !== "string") return refuse("a URL", value);
      if (rules.maxLength && new TextEncoder().encode(text).length > rules.maxLength)
        return refuse(`a URL of ${rules.maxLength} bytes`, value);
      const { url, others } = rules.manyHosts ? split(text) : { url: parsed(text), others: [] };
      complete(url, rules);
      return new Scalar(of, written(url, others, text));
    },
  };
}

export const URLS: NamedClasses = Object.fromEntries(
  Object.entries(RULES).map(([name, rules]) => [`pydantic.networks.${name}`, named(name, rules)]),
);
