import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { Arrivals } from './arrivals';
import { keepOutOfLogs } from './log-watch';

export type ReceivedMail = { readonly from: string; readonly to: readonly string[]; readonly mail: ParsedMail };

export type MailServer = Awaited<ReturnType<typeof startMailServer>>;

/** A real SMTP server on 127.0.0.1 that accepts everything. */
export async function startMailServer() {
  const arrivals = new Arrivals<ReceivedMail>();
  const refused = new Set<string>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      done(refused.has(address) ? new Error(`${address} is not known here`) : null);
    },
    onData(stream, session, done) {
      void buffer(stream)
        .then(async (raw) => {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom === false ? '' : mailFrom.address;
          arrivals.add({ from, to: rcptTo.map(({ address }) => address), mail: await simpleParser(raw) });
          done();
        })
        .catch((error: unknown) => done(error as Error));
    },
  });
  const listener: Server = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const to = (address: string) => arrivals.items.filter((received) => received.to.includes(address));

  return {
    url: `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get mails(): readonly ReceivedMail[] {
      return arrivals.items;
    },
    /** The newest mail to an address; `count` asks for at least that many. */
    async mailTo(address: string, { count = 1, within = 15_000 } = {}): Promise<ParsedMail> {
      await arrivals.until(() => to(address).length >= count, `${count} mail(s) to ${address}`, within);
      return to(address).at(-1)!.mail;
    },
    /** Mail to this address is refused from now on, in words that repeat the address. */
    refuse: (address: string): void => void refused.add(address),
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

/** The secret in the link of a mail. */
export function tokenIn({ text = '' }: ParsedMail): string {
  const token = /#token=(\S+)/.exec(text)?.[1];
  if (token === undefined) throw new Error('The mail holds no link with a token.');
  keepOutOfLogs(token);
  return token;
}
