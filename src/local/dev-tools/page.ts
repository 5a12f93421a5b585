import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1 { font-size: 1.5rem; }
article { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 1rem 0; }
h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .25rem 0; }
pre { font-size: .9rem; margin: .75rem 0 0; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
summary { cursor: pointer; margin-top: .5rem; }
.quiet { opacity: .75; font-size: .9rem; }
`;

// One style sheet, known by its hash, and nothing else: what arrives here was written by strangers.
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Markup that is safe to show. */
export class Html {
  constructor(readonly source: string) {}
}

/** Template tag: strings are escaped, markup is taken as it is. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  return new Html(parts.reduce((before, part, index) => before + sourceOf(values[index - 1] ?? '') + part));
}

function sourceOf(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') return escape(value);
  return value instanceof Html ? value.source : value.map(({ source }) => source).join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

export function wantsPage(accept: string | undefined): boolean {
  return accept?.includes('text/html') ?? false;
}

export function pageOf(title: string, introduction: string, articles: readonly Html[]): string {
  const content = articles.length > 0 ? articles : html`<p class="quiet">Nothing yet. Reload after something has arrived.</p>`;
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style>`;
  const body = html`<title>${title} · Posthorn</title>
    <main>
      <h1>${title}</h1>
      <p class="quiet">${introduction}</p>
      ${content}
    </main>`;
  return `<!doctype html><html lang="en">${head}${body.source}</html>`;
}

/** These pages show mails with sign-in links: no other website may read them, although the API itself is open to all origins. */
export function keepFromOthers(reply: FastifyReply): void {
  reply.removeHeader('access-control-allow-origin');
  void reply.header('content-security-policy', POLICY).header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
}
