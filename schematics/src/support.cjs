const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { strings } = require('@angular-devkit/core');
const { apply, applyTemplates, chain, mergeWith, move, SchematicsException, url } = require('@angular-devkit/schematics');

const { camelize, classify, underscore } = strings;

/** `credit-notes` in all the ways in which files write it. */
function spellings(name) {
  return { Name: classify(name), prop: camelize(name), snake: underscore(name), words: name.replaceAll('-', ' ') };
}

/** One of what a module is about. */
function singularOf(name) {
  if (/[^aeiou]ies$/.test(name)) return name.replace(/ies$/, 'y');
  if (/(ss|x|ch|sh)es$/.test(name)) return name.replace(/es$/, '');
  return /[^su]s$/.test(name) ? name.replace(/s$/, '') : name;
}

const withArticle = (words) => `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;

const capitalized = (words) => words[0].toUpperCase() + words.slice(1);

/** What the aggregate of a module is called: its repository says so. */
function nounOf(tree, module) {
  const folder = tree.getDir(`src/modules/${module}/domain`);
  const [noun] = folder.subfiles.flatMap((file) => /^(.+)\.repository\.ts$/.exec(file)?.[1] ?? []);
  if (noun === undefined)
    throw new SchematicsException(
      `src/modules/${module} has no domain/*.repository.ts. Make the module with \`npm run new:module -- ${module}\` first.`,
    );
  return noun;
}

/** Templates of `files/`, into a module; refuses to write over what is there. */
function written(module, values, files = './files') {
  return mergeWith(apply(url(files), [applyTemplates(values), move(`src/modules/${module}`)]));
}

/** Changes a file by functions from text to text. */
function changed(path, ...changes) {
  return (tree) => {
    const text = tree.readText(path);
    tree.overwrite(
      path,
      changes.reduce((before, change) => change(before, path), text),
    );
  };
}

/** An import, among the others by the alphabet of their places. */
const importing = (names, from) => (text) => {
  const line = `import { ${names} } from '${from}';\n`;
  const later = [...text.matchAll(/^import [^;]* from '(\.[^']*)';$/gm)].find(([, place]) => place > from && place.startsWith('./'));
  const last = [...text.matchAll(/^import [^;]*;\n/gm)].at(-1);
  const at = later?.index ?? (last ? last.index + last[0].length : 0);
  return text.slice(0, at) + line + text.slice(at);
};

/** One more in a list that begins with `start [`. */
const listed = (start, item) => (text, path) => {
  const list = new RegExp(`${start.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')} ?\\[([^\\]]*)\\]`).exec(text);
  if (!list) throw new SchematicsException(`${path} has no \`${start} […]\` to add ${item} to.`);
  const items = list[1].trim().replace(/,$/, '');
  const end = list.index + list[0].length;
  return `${text.slice(0, list.index)}${list[0].slice(0, list[0].lastIndexOf('[') + 1)}${items === '' ? '' : `${items}, `}${item}]${text.slice(end)}`;
};

/** One more name that `index.ts` gives away from a file. */
const exported = (name, from) => (text) => {
  const known = new RegExp(`export \\{([^}]*)\\} from '${from.replaceAll('.', '\\.')}';`).exec(text);
  if (!known) return `${text}export { ${name} } from '${from}';\n`;
  return text.replace(known[0], `export { ${known[1].trim().replace(/,$/, '')}, ${name} } from '${from}';`);
};

/** What was written, in the layout of the house. */
const formatted = async (tree) => {
  const { format } = await import('oxfmt');
  const house = JSON.parse(readFileSync(join(process.cwd(), '.oxfmtrc.json'), 'utf8'));
  for (const { kind, path } of tree.actions) {
    if (kind === 'd' || !/\.(ts|md)$/.test(path)) continue;
    tree.overwrite(path, (await format(path, tree.readText(path), house)).code);
  }
};

/** All steps, and then the layout. */
const inHouseStyle = (...steps) => chain([...steps, formatted]);

module.exports = {
  capitalized,
  changed,
  exported,
  importing,
  inHouseStyle,
  listed,
  nounOf,
  singularOf,
  SchematicsException,
  spellings,
  withArticle,
  written,
};
