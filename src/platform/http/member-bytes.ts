const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const COMMA = 0x2c;
const COLON = 0x3a;

export type MemberBytes = { readonly members: ReadonlyMap<string, Buffer>; readonly repeated: readonly string[] };

const written = new WeakMap<object, MemberBytes>();

/** Keeps how a value was written beside it, for as long as it lives. @returns the value */
export function rememberBytes(value: unknown, json: Buffer): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) written.set(value, memberBytes(json));
  return value;
}

/** How this very object was written, when it came in as the body of a request. */
export function bytesOf(value: unknown): MemberBytes {
  const known = typeof value === 'object' && value !== null ? written.get(value) : undefined;
  return known ?? { members: new Map(), repeated: [] };
}

/**
 * The bytes of the values of a JSON object, by key, exactly as they were written: parsing and printing again would change
 * big integers, the order of keys, escapes. Keys that are written twice are listed, for there is no telling which was meant.
 * @param json valid JSON, an object at the top; that is the caller's to check
 */
export function memberBytes(json: Buffer): MemberBytes {
  const members = new Map<string, Buffer>();
  const repeated: string[] = [];
  let at = json.indexOf(0x7b) + 1;
  for (;;) {
    at = skipSpace(json, at);
    if (json[at] !== QUOTE) return { members, repeated }; // the closing brace
    const keyEnd = endOfString(json, at);
    const key = JSON.parse(json.toString('utf8', at, keyEnd)) as string;
    at = skipSpace(json, keyEnd);
    if (json[at] !== COLON) throw new Error('memberBytes needs valid JSON.');
    const start = skipSpace(json, at + 1);
    const end = endOfValue(json, start);
    if (members.has(key)) repeated.push(key);
    members.set(key, json.subarray(start, end));
    at = skipSpace(json, end);
    if (json[at] === COMMA) at++;
  }
}

/**
 * The bytes of the items of a JSON array, exactly as they were written.
 * @param json valid JSON, an array at the top; that is the caller's to check
 */
export function itemBytes(json: Buffer): Buffer[] {
  const items: Buffer[] = [];
  let at = skipSpace(json, json.indexOf(0x5b) + 1);
  while (json[at] !== 0x5d) {
    const end = endOfValue(json, at);
    items.push(json.subarray(at, end));
    at = skipSpace(json, end);
    if (json[at] === COMMA) at = skipSpace(json, at + 1);
  }
  return items;
}

function endOfValue(json: Buffer, start: number): number {
  if (json[start] === QUOTE) return endOfString(json, start);
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = endOfString(json, at) - 1;
    else if (OPENING.has(byte)) depth++;
    else if (CLOSING.has(byte)) {
      if (depth === 0) return trimmed(json, at);
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && byte === COMMA) return trimmed(json, at);
  }
  return json.length;
}

/** Position after the closing quote. `indexOf` runs natively: payloads are mostly strings. */
function endOfString(json: Buffer, open: number): number {
  for (let at = json.indexOf(QUOTE, open + 1); ; at = json.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (json[at - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (isSpace(json[at])) at++;
  return at;
}

function trimmed(json: Buffer, end: number): number {
  let at = end;
  while (isSpace(json[at - 1])) at--;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
