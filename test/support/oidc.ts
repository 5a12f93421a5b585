import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type OidcServer = Awaited<ReturnType<typeof startOidcServer>>;

/** A real OpenID provider, and a person with a browser in front of it. */
export async function startOidcServer(redirectUri: string) {
  const child = spawn(process.execPath, [join(__dirname, 'oidc-provider.mjs'), redirectUri], { stdio: ['ignore', 'pipe', 'ignore'] });
  let issuer = '';
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('http://127.0.0.1:')) continue;
    issuer = line;
    break;
  }
  return {
    issuer,
    /** Goes from `url` through the forms of the provider as this person, and stops where it sends the browser back to us. */
    signIn: (url: string, person: string) => browse(url, redirectUri, person),
    async stop(): Promise<void> {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function browse(start: string, end: string, person: string): Promise<string> {
  const cookies = new Map<string, string>();
  let [url, form]: [string, Record<string, string> | undefined] = [start, undefined];
  for (let step = 0; step < 20; step++) {
    if (url.startsWith(end)) return url;
    const answer = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) cookies.set(name, value);
    }
    const page = await answer.text();
    const location = answer.headers.get('location');
    if (location !== null) [url, form] = [new URL(location, url).href, undefined];
    else if (page.includes('value="login"')) form = { prompt: 'login', login: person, password: 'any' };
    else if (page.includes('value="consent"')) form = { prompt: 'consent' };
    else throw new Error(`The provider answered ${answer.status} at ${url}: ${page.slice(0, 500)}`);
  }
  throw new Error('The provider goes round in circles.');
}
