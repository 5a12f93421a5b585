const { capitalized, changed, inHouseStyle, SchematicsException, singularOf, spellings, withArticle, written } = require('../support.cjs');

const REGISTRY = 'src/modules/index.ts';

/** A whole module, and its line in the registry. */
exports.generate =
  ({ name, noun = singularOf(name), owner, stamp = Date.now() }) =>
  (tree) => {
    if (tree.getDir(`src/modules/${name}`).subfiles.length > 0) throw new SchematicsException(`src/modules/${name} is there already.`);
    const [many, one] = [spellings(name), spellings(noun)];
    const values = {
      name,
      noun,
      owner,
      stamp,
      Module: many.Name,
      prop: many.prop,
      table: many.snake,
      ENV: many.snake.toUpperCase(),
      words: many.words,
      Title: capitalized(many.words),
      Noun: one.Name,
      nounProp: one.prop,
      // A repository may be called like the thing itself, where a name has no singular of its own.
      nounVar: one.prop === many.prop ? `one${one.Name}` : one.prop,
      snake: one.snake,
      CONST: one.snake.toUpperCase(),
      nounWords: one.words,
      article: withArticle(one.words),
      exampleId: `${one.snake}_00PdZgP1mUfrWVHT7bLhCUOkPPT`,
    };
    const registered = changed(REGISTRY, (text) => `${text}export { ${many.prop} } from './${name}';\n`);
    return inHouseStyle(written(name, values), registered);
  };
