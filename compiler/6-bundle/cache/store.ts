/**
 * What compilations left behind, as one file of records by key: read whole when it is opened, written whole by a rename, so
 * that builds at the same time see the one or the other. A file that is not ours, of another compiler, or damaged, is
 * an empty store: nothing here may fail a build.
 *
 *     dspex 1 <fingerprint> <crc of the rest> <bytes of the index>\n   index: [[key, meta, bytes], ...] as JSON   bodies
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";

export interface StoredRecord {
  /** Small, as JSON. */
  readonly meta: unknown;
  /** Large, handed out as it was read. */
  readonly body: Uint8Array;
}

export interface Store {
  get(key: string): StoredRecord | undefined;
  set(key: string, record: StoredRecord): void;
  /** Writes what is new; does nothing when nothing is. */
  save(): void;
}

/** Of the bodies. What was asked for last is kept; 5,000 signatures take 7 MB. */
const LIMIT = 32 << 20;

export function openStore(path: string, fingerprint: string, limit: number = LIMIT): Store {
  const records = load(path, fingerprint);
  let changed = false;
  const touch = (key: string, record: StoredRecord) => {
    // A map keeps the order of insertion: the least recently used stands first.
    records.delete(key);
    records.set(key, record);
  };
  return {
    get(key) {
      const record = records.get(key);
      if (record) touch(key, record);
      return record;
    },
    set(key, record) {
      touch(key, record);
      changed = true;
    },
    save() {
      if (!changed) return;
      changed = false;
      write(path, fingerprint, newest(records, limit));
    },
  };
}

function newest(records: ReadonlyMap<string, StoredRecord>, limit: number): [string, StoredRecord][] {
  const kept: [string, StoredRecord][] = [];
  let size = 0;
  for (const entry of [...records].reverse()) {
    size += entry[1].body.length;
    if (size > limit) break;
    kept.push(entry);
  }
  return kept.reverse();
}

function load(path: string, fingerprint: string): Map<string, StoredRecord> {
  const records = new Map<string, StoredRecord>();
  try {
    const file = readFileSync(path);
    const start = file.indexOf(10) + 1;
    const [magic, version, made, sum, length] = file.toString("latin1", 0, start - 1).split(" ");
    if (`${magic} ${version}` !== MAGIC || made !== fingerprint) return records;
    const rest = file.subarray(start);
    if (crc32(rest) !== Number(sum)) return records;
    let at = Number(length);
    for (const [key, meta, bytes] of JSON.parse(rest.toString("utf8", 0, at)) as [string, unknown, number][]) {
      records.set(key, { meta, body: rest.subarray(at, at + bytes) });
      at += bytes;
    }
  } catch {
    // Not there yet, or not readable: the same as empty.
    records.clear();
  }
  return records;
}

const MAGIC = "dspex 1";

function write(path: string, fingerprint: string, records: readonly (readonly [string, StoredRecord])[]): void {
  const index = Buffer.from(JSON.stringify(records.map(([key, { meta, body }]) => [key, meta, body.length])));
  const rest = Buffer.concat([index, ...records.map(([, { body }]) => body)]);
  const head = Buffer.from(`${MAGIC} ${fingerprint} ${crc32(rest)} ${index.length}\n`);
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, Buffer.concat([head, rest]));
    renameSync(temporary, path);
  } catch {
    // A read-only file system, a full disk: the next build compiles again.
    try {
      rmSync(temporary, { force: true });
    } catch {}
  }
}
