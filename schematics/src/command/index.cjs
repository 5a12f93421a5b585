const { changed, importing, inHouseStyle, listed, nounOf, spellings, withArticle, written } = require('../support.cjs');

/** A command on the aggregate of a module, a handler beside it, and their test. */
exports.generate =
  ({ module, name }) =>
  (tree) => {
    const noun = nounOf(tree, module);
    const [command, one, many] = [spellings(name), spellings(noun), spellings(module)];
    const values = {
      name,
      module,
      noun,
      Command: command.Name,
      Noun: one.Name,
      nounProp: one.prop,
      prop: many.prop,
      words: many.words,
      snake: one.snake,
    };
    return inHouseStyle(
      written(module, { ...values, article: withArticle(one.words), does: command.words }),
      changed(
        `src/modules/${module}/${module}.module.ts`,
        importing(`${command.Name}Handler`, `./commands/${name}`),
        listed('const commands =', `${command.Name}Handler`),
      ),
    );
  };
