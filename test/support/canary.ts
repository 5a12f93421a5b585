import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a hit shows of its surroundings. */
const CONTEXT = 60;

export type Canaries = ReturnType<typeof newCanaries>;

/** Markers that nothing else could hold, all with the same beginning: one search finds every one of them, in many forms. */
export function newCanaries() {
  const beginning = `cnry${randomBytes(8).toString('hex')}`;
  const patterns = [
    Buffer.from(beginning),
    Buffer.from(beginning.toUpperCase()),
    Buffer.from(Buffer.from(beginning).toString('hex')),
    Buffer.from(Buffer.from(beginning).toString('hex').toUpperCase()),
    Buffer.from(beginning, 'utf16le'),
    Buffer.from(beginning, 'utf16le').swap16(),
    ...[0, 1, 2].map((offset) => base64Within(beginning, offset)),
  ];
  return {
    /** Letters and digits only, so that it is valid wherever text is. */
    plant(field: string): string {
      return `${beginning}x${field}x`;
    },
    /** A secret that Posthorn made itself: it is searched for as it is. */
    watch<Secret extends string>(secret: Secret): Secret {
      patterns.push(Buffer.from(secret), Buffer.from(Buffer.from(secret).toString('hex')));
      return secret;
    },
    /** Where these bytes hold a marker, in any form. */
    findIn(what: string, bytes: Buffer): string[] {
      return patterns.flatMap((pattern) => {
        const at = bytes.indexOf(pattern);
        if (at < 0) return [];
        const seen = bytes.subarray(Math.max(0, at - CONTEXT), at + pattern.length + CONTEXT).toString('latin1');
        return [`${what}: ${JSON.stringify(seen)}`];
      });
    },
    /** The same for every file below a folder. */
    findBelow(folder: string): string[] {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      return files.flatMap(({ parentPath, name }) => this.findIn(join(parentPath, name), readFileSync(join(parentPath, name))));
    },
  };
}

/** The characters of base 64 that the text alone decides when `offset` other bytes come before it. */
function base64Within(text: string, offset: number): Buffer {
  const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
    .toString('base64')
    .replaceAll('=', '');
  return Buffer.from(encoded.slice(Math.ceil((offset * 4) / 3), -2));
}
