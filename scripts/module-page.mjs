import { code, row } from './markdown.mjs';

/** reference.md of an added module: what it declares. @param of the declarations of one module */
export function modulePage({ module, operations, permissions, events, observers, metrics, errors, settings }) {
  const sections = [
    table(
      'Routes',
      ['operation', 'route', 'does'],
      operations.map(({ id, method, path, summary }) => [code(id), code(`${method} ${path}`), summary]),
    ),
    table(
      'Permissions',
      ['permission', 'least role', 'API keys', 'what for'],
      permissions.map(({ name, atLeast, apiKeys, description }) => [code(name), atLeast, apiKeys ? 'yes' : '', description]),
    ),
    table(
      'Events',
      ['event', 'payload', 'audited'],
      events.map(({ type, fields, audited }) => [code(type), fields.map(code).join(', '), audited ? 'yes' : '']),
    ),
    table(
      'Observers',
      ['observer', 'events'],
      observers.map(({ name, events: observed }) => [code(name), observed.map(code).join(', ')]),
    ),
    table(
      'Metrics',
      ['metric', 'type', 'from', 'says'],
      metrics.map(({ name, type, from, help }) => [code(name), type, from, help]),
    ),
    table(
      'Errors',
      ['code', 'status', 'what to do'],
      errors.map(([status, name, advice]) => [code(name), status, advice]),
    ),
    table(
      'Configuration',
      ['variable', 'values', 'default', 'what for'],
      settings.map(({ key, values, required, fallback, description }) => [
        code(key),
        values,
        required ? 'must be set' : fallback && code(fallback),
        description,
      ]),
    ),
  ];
  const tables = module.migrations.length > 0 ? `Tables are called ${code(module.name.replaceAll('-', '_'))}, or begin with it. ` : '';
  return `# Reference of ${module.name}\n\nOwner: ${module.owner}. ${tables}Written by \`npm run reference -- ${module.name}\` from the code.\n${sections.filter(Boolean).join('')}`;
}

function table(title, headings, rows) {
  if (rows.length === 0) return '';
  return `\n## ${title}\n\n${[headings, headings.map(() => '---'), ...rows].map(row).join('\n')}\n`;
}
