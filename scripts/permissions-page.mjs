import { code, row } from './markdown.mjs';

/** docs/permissions.md: the table of who may do what. @param permissions all declared ones @param roles from the least to the most */
export function permissionsPage(permissions, roles) {
  const all = [...permissions].sort((a, b) => (a.name < b.name ? -1 : 1));
  const headings = ['permission', 'what for', ...roles, 'API key', 'portal'];
  return `# Permissions

Written by \`npm run permissions\` from the \`*.permissions.ts\` files of the modules. A route demands one with \`@Access\`; routes marked
\`account\` need a signed-in person and no permission. API keys and portal tokens may carry a part of what the table grants them, as scopes
and capabilities. What is in **bold** also works while the organization waits for its deletion.

${row(headings)}
${row(headings.map((_, i) => (i < 2 ? '---' : ':-:')))}
${all.map((permission) => row(cells(permission, roles))).join('\n')}
`;
}

function cells({ name, description, atLeast, whenClosed, apiKeys, portal }, roles) {
  const label = code(name);
  const granted = [...roles.map((role) => roles.indexOf(role) >= roles.indexOf(atLeast)), apiKeys, portal];
  return [whenClosed ? `**${label}**` : label, description, ...granted.map((yes) => (yes ? 'yes' : ''))];
}
