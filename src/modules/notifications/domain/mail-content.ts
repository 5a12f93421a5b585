export type MailContent = { readonly subject: string; readonly text: string; readonly html: string };

/** A paragraph, a link that leads on, or something to type in. */
export type Block = string | { readonly link: string; readonly label: string } | { readonly code: string };

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** One content, twice: as plain text, and as HTML that needs no style sheet, picture or outside request. */
export function renderMail(subject: string, blocks: readonly Block[]): MailContent {
  return { subject, text: `${blocks.map(textOf).join('\n\n')}\n`, html: page(subject, blocks.map(htmlOf).join('\n')) };
}

/** By name, unless the name would turn into a link in the reader: whoever registers chooses the name, but not the reader. */
export function greeting(name: string): string {
  const harmless = withoutLinks(name);
  return harmless === null ? 'Hello,' : `Hello ${harmless},`;
}

/** What somebody typed, or null when a reader would make a link of it. */
export function withoutLinks(text: string): string | null {
  return /[/:@]|\.\S/.test(text) ? null : text;
}

/** Links and codes stand alone on their lines, for people and programs that pick them out. */
function textOf(block: Block): string {
  if (typeof block === 'string') return block;
  return 'link' in block ? block.link : block.code;
}

function htmlOf(block: Block): string {
  if (typeof block === 'string') return `<p style="margin:0 0 16px">${escaped(block)}</p>`;
  if ('code' in block) {
    return `<p style="margin:0 0 16px;font:600 28px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:6px">${escaped(block.code)}</p>`;
  }
  const style =
    'display:inline-block;padding:12px 20px;border-radius:8px;background:#1f4fd8;color:#ffffff;font-weight:600;text-decoration:none';
  return `<p style="margin:0 0 16px"><a href="${escaped(block.link)}" style="${style}">${escaped(block.label)}</a></p>`;
}

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title></head>
<body style="margin:0;padding:24px;background:#f4f5f7;color:#1c2330;${FONT};font-size:16px;line-height:1.5">
<div style="max-width:520px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px">
<p style="margin:0 0 24px;font-weight:700;color:#1f4fd8">Posthorn</p>
${body}
</div>
</body>
</html>
`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
