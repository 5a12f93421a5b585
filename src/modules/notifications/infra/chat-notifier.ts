import { request } from 'undici';
import { type Notice, Notifier } from '../domain/notifier';

const TIMEOUT_MS = 10_000;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Says why, without the URL: whoever has it may write to the channel, and errors are logged. */
class ChatRefused extends Error {
  override readonly name = 'ChatRefused';

  constructor(why: string) {
    super(`The chat did not take the notice: ${why}`);
  }
}

/** Writes to one channel, by an incoming webhook as Slack, Mattermost and Rocket.Chat know it. */
export class ChatNotifier extends Notifier {
  constructor(private readonly url: string) {
    super();
  }

  override async notify({ title, paragraphs, link }: Notice): Promise<void> {
    const text = [`*${escaped(title)}*`, ...paragraphs.map(escaped), `<${link.url}|${escaped(link.label)}>`].join('\n\n');
    const statusCode = await this.post(JSON.stringify({ text })).catch((error: unknown) => {
      throw new ChatRefused(codeOf(error));
    });
    if (statusCode < 200 || statusCode > 299) throw new ChatRefused(String(statusCode));
  }

  private async post(body: string): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const reply = await request(this.url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    await reply.body.dump();
    return reply.statusCode;
  }
}

/** Otherwise `<!channel>` as a name would wake everybody. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : String(name);
}
