import { createHash } from 'node:crypto';
import { applyDecorators, Header } from '@nestjs/common';

export type Page = { readonly html: string; readonly policy: string };

type Content = { readonly title: string; readonly main: string; readonly script: string };

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 20vh auto 0; padding: 0 1rem; }
label, input, button { display: block; font: inherit; }
input { box-sizing: border-box; width: 100%; margin: 0.25rem 0 1rem; padding: 0.5rem; }
button { padding: 0.5rem 1.25rem; }
`;

/** A page of its own script and style, and nothing else: the links of our mails lead here, with a secret in the fragment. */
export function pageOf({ title, main, script }: Content): Page {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Posthorn</title><style>${STYLE}</style></head>
<body><main aria-live="polite">${main}<noscript>This page needs JavaScript.</noscript></main><script>${script}</script></body>
</html>`;
  const policy = `default-src 'none'; script-src ${sha256(script)}; style-src ${sha256(STYLE)}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { html, policy };
}

/** The headers under which a page is served. */
export function ServesPage({ policy }: Page): MethodDecorator {
  return applyDecorators(
    Header('content-type', 'text/html; charset=utf-8'),
    Header('content-security-policy', policy),
    Header('referrer-policy', 'no-referrer'),
    Header('x-content-type-options', 'nosniff'),
  );
}

/** Script that every page begins with: the fragment is seen by the browser only, so the page has to hand the token in. */
export const TAKE_TOKEN = `
const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', location.pathname);
const say = (title, text) => { document.querySelector('h1').textContent = title; document.querySelector('p').textContent = text; };
const post = (path, body) => fetch('/api/v1/auth/' + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const unreachable = () => say('Posthorn cannot be reached', 'Check your connection and try again.');
`;

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
