import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** "```sh test": a language, what is said after it, and the lines. */
export type Block = { readonly language: string; readonly info: string; readonly text: string };

/** The fenced blocks of a document, in the order in which they stand there. @param file from the root of the project */
export function blocksOf(file: string): Block[] {
  const markdown = readFileSync(join(ROOT, file), 'utf8');
  return [...markdown.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(([, language = '', info = '', text = '']) => ({
    language,
    info,
    text,
  }));
}

/** Those that say what they are for, such as `test`. */
export function blocksFor(purpose: string, file: string): Block[] {
  const found = blocksOf(file).filter(({ info }) => info === purpose);
  if (found.length === 0) throw new Error(`${file} has no block for ${purpose}.`);
  return found;
}

/**
 * Does to a file what a `diff` block says, as its reader does it by hand: in each part (they are parted by `@@`) the lines
 * with a blank or a minus are looked for, once in the file, and are replaced by those with a blank or a plus.
 */
export function applyDiff(root: string, { info: file, text }: Block): string {
  const path = only(root, file);
  const changed = text.split(/^@@\n/m).reduce(
    (source, part) => {
      const lines = part.split('\n').filter((line) => line !== '');
      const side = (signs: string) => lines.filter((line) => signs.includes(line[0]!)).map((line) => `${line.slice(1)}\n`);
      const places = source.split(side(' -').join('')).length - 1;
      if (places !== 1) throw new Error(`${file} has ${places} places like:\n${side(' -').join('')}`);
      // Not `replace` with a text: it would read `$1`.
      return source.replace(side(' -').join(''), () => side(' +').join(''));
    },
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, changed);
  return changed;
}

/** The file of this name, in which `*` stands for what nobody can know before. */
function only(root: string, file: string): string {
  const [before = '', after = ''] = basename(file).split('*');
  const folder = join(root, dirname(file));
  if (!file.includes('*')) return join(root, file);
  const found = readdirSync(folder).filter((name) => name.startsWith(before) && name.endsWith(after));
  if (found.length !== 1) throw new Error(`${found.length} files are called ${file}.`);
  return join(folder, found[0]!);
}
