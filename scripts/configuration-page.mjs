import { code, row } from './markdown.mjs';

/** Of lines in .env.example. */
const WIDTH = 120;

/** docs/configuration.md: every variable. @param sections with what there is to say of their variables */
export function configurationPage(sections) {
  return `# Configuration

All that Posthorn reads from its environment; written by \`npm run configuration\` from the declarations in the code, as
[.env.example](../.env.example) is. The API, the worker, the dashboard of the queues and the commands for operators share one environment. Each
of them checks all of it when it starts, and with anything wrong does not start, but names all that is wrong at once.
\`dist/migrate.js\` needs \`DATABASE_URL\` alone. A variable that is empty counts as one that is not set.

**Read by** says whose work a variable changes: that of the API (\`dist/main.js\`), the worker (\`dist/worker.js\`), the dashboard
(\`npm run queues\`), the doctor (\`npm run doctor\`), or all of them and the other commands. What is **bold** is a secret: it may come from a
file, which \`…_FILE\` names, such as \`DATABASE_URL_FILE=/run/secrets/database-url\`. What modules that you added read is in their
\`reference.md\`.
${sections.map(section).join('')}`;
}

function section({ title, variables }) {
  const headings = ['variable', 'values', 'default', 'read by', 'what for'];
  return `\n## ${title}\n\n${[headings, headings.map(() => '---'), ...variables.map(cells)].map(row).join('\n')}\n`;
}

function cells({ key, values, required, fallback, description, readBy, secret, make }) {
  const label = secret ? `**${code(key)}**` : code(key);
  const what = make ? `${description} Make one: ${code(make)}` : description;
  return [label, values, required ? 'must be set' : fallback && code(fallback), readBy.join(', '), what].map((cell) =>
    cell.replaceAll('|', '\\|'),
  );
}

/** .env.example: the same, to be filled in. */
export function envExample(sections) {
  const secrets = sections.flatMap(({ variables }) => variables.filter(({ secret }) => secret).map(({ key }) => `${key}_FILE`));
  return `${comment(
    'Everything that Posthorn reads from its environment, written by `npm run configuration`. Which process reads what is in docs/configuration.md. A line without # must be set; a line with # shows the default.',
  )}
${comment(`Every secret may come from a file instead: ${secrets.join(', ')}.`)}
${sections.map(({ title, variables }) => `\n## ${title.replaceAll('`', '')}\n\n${variables.map(line).join('\n')}\n`).join('')}`;
}

function line({ key, values, required, fallback, description, example, make }) {
  const allowed = values === 'text' || values.startsWith('integer') || values.startsWith('CIDRs') ? '' : ` (${values})`;
  const lines = [
    comment(`${description}${allowed}`.replaceAll('`', '')),
    make && `#   ${make}`,
    `${required ? '' : '#'}${key}=${required ? example : fallback}`,
  ];
  return lines.filter(Boolean).join('\n');
}

/** A text in lines that begin with #. */
function comment(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = `${lines.at(-1)} ${word}`;
    if (last.length < WIDTH) lines[lines.length - 1] = last;
    else lines.push(` ${word}`);
  }
  return lines.map((words) => `#${words}`).join('\n');
}
