const { changed, exported, inHouseStyle, nounOf, SchematicsException, spellings } = require('../support.cjs');

/** A line in the events of a module, and in what it shows to others. */
exports.generate =
  ({ module, name }) =>
  (tree) => {
    const noun = nounOf(tree, module);
    const { Name } = spellings(name);
    const rest = name.startsWith(`${noun}-`) ? name.slice(noun.length + 1) : name;
    const type = `${noun}.${rest}`.replaceAll('-', '_');
    const declaration = (text, path) => {
      const payload = `Of${spellings(noun).Name}`;
      if (!text.includes(`const ${payload} =`)) throw new SchematicsException(`${path} has no payload ${payload} for the event ${type}.`);
      if (text.includes(`const ${Name} =`)) throw new SchematicsException(`${path} has ${Name} already.`);
      return `${text}export const ${Name} = defineEvent('${type}', ${payload}, audit);\n`;
    };
    return inHouseStyle(
      changed(`src/modules/${module}/${module}.events.ts`, declaration),
      changed(`src/modules/${module}/index.ts`, exported(Name, `./${module}.events`)),
    );
  };
