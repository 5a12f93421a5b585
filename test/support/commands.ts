import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK = /^```(\w+) (\w+)\n([^]*?)^```$/gm;

/** The blocks of a document that say what they are for: "```sh run" is a command to run. In the order in which they stand there. */
export function blocksOf(document: string) {
  const text = readFileSync(join(__dirname, '../..', document), 'utf8');
  return [...text.matchAll(BLOCK)].map(([, language, purpose, content]) => ({
    kind: `${language!} ${purpose!}`,
    content: content!,
  }));
}
