const { changed, importing, inHouseStyle, listed, nounOf, SchematicsException, spellings, written } = require('../support.cjs');

/** An observer of an event of the module, and the command that it gives: `new:command` without a place for ids of others. */
exports.generate =
  ({ module, name, event }) =>
  (tree) => {
    const events = `src/modules/${module}/${module}.events.ts`;
    const noun = nounOf(tree, module);
    if (!tree.readText(events).includes(`const ${event} =`))
      throw new SchematicsException(`${events} has no ${event}. Declare it with \`npm run new:event -- ${module} …\` first.`);
    const [command, one, many] = [spellings(name), spellings(noun), spellings(module)];
    const values = {
      name,
      module,
      noun,
      event,
      Command: command.Name,
      Noun: one.Name,
      nounProp: one.prop,
      prop: many.prop,
      snake: one.snake,
    };
    return inHouseStyle(
      written(module, values),
      changed(
        `src/modules/${module}/${module}.module.ts`,
        importing(`${command.Name}Handler`, `./commands/${name}`),
        importing(`${command.Name}Observer`, `./processors/${name}.observer`),
        listed('const commands =', `${command.Name}Handler`),
        listed('const observers =', `${command.Name}Observer`),
      ),
    );
  };
