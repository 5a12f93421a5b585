const { changed, importing, inHouseStyle, listed, nounOf, spellings, written } = require('../support.cjs');

/** A query: SQL to a view, and its test against PostgreSQL. */
exports.generate =
  ({ module, name }) =>
  (tree) => {
    const noun = nounOf(tree, module);
    const [query, one, many] = [spellings(name), spellings(noun), spellings(module)];
    return inHouseStyle(
      written(module, {
        name,
        noun,
        Query: query.Name,
        Noun: one.Name,
        table: many.snake,
        query: query.snake,
        snake: one.snake,
      }),
      changed(
        `src/modules/${module}/${module}.module.ts`,
        importing(`${query.Name}Handler`, `./queries/${name}`),
        listed('const queries =', `${query.Name}Handler`),
      ),
    );
  };
