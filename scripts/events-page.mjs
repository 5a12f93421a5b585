import { code, row } from './markdown.mjs';

/** docs/events.md: what happens in Posthorn, and who observes it. @param events with their fields, whether they are audited, and their observers */
export function eventsPage(events) {
  const all = [...events].sort((a, b) => (a.type < b.type ? -1 : 1));
  return `# Events

Written by \`npm run events\` from the \`*.events.ts\` files of the modules. A change records its events in its transaction; each observer gets
each of them at least once, whatever crashes meanwhile. Payloads hold ids, never user data. A module subscribes with \`@Observer\`. What is
**audited** is in the audit log of its organization as well.

${row(['event', 'payload', 'audited', 'observers'])}
${row(['---', '---', ':-:', '---'])}
${all.map(({ type, fields, audited, observers }) => row([code(type), fields.map(code).join(', '), audited ? 'yes' : '', observers.map(code).join(', ')])).join('\n')}
`;
}
