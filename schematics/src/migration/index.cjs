const { changed, importing, inHouseStyle, listed, nounOf, spellings, written } = require('../support.cjs');

/** A change of the tables of a module, in its list. */
exports.generate =
  ({ module, name, stamp = Date.now() }) =>
  (tree) => {
    // Refuses a module that the generator did not make.
    nounOf(tree, module);
    const { Name } = spellings(name);
    return inHouseStyle(
      written(module, { name, stamp, Migration: Name, table: spellings(module).snake }),
      changed(
        `src/modules/${module}/index.ts`,
        importing(`${Name}${stamp}`, `./migrations/${stamp}-${name}`),
        listed('migrations:', `${Name}${stamp}`),
      ),
    );
  };
