import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { startMailServer } from '../../../test/support/smtp';
import { SmtpMailer } from './smtp-mailer';

const MAIL = { to: 'ann@example.com', subject: 'Hello', text: 'https://posthorn.example/#token=x\n', html: '<p>Жанна</p>' };

describe('SmtpMailer', () => {
  it('brings a mail to the server as it is', async () => {
    const server = await startMailServer();
    const mailer = new SmtpMailer(server.url, 'Posthorn <posthorn@example.com>');
    await mailer.send(MAIL);
    const mail = await server.mailTo(MAIL.to);
    expect(mail).toMatchObject({ subject: MAIL.subject, text: MAIL.text, html: expect.stringContaining(MAIL.html) });
    expect(mail.from?.text).toBe('"Posthorn" <posthorn@example.com>');
    mailer.onApplicationShutdown();
    await server.stop();
  });

  it('names no address in the error when the server refuses', async () => {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _session, done) => done(Object.assign(new Error(`<${address}> unknown`), { responseCode: 550 })),
    });
    const listener = server.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const mailer = new SmtpMailer(`smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`, 'posthorn@example.com');
    const error = await mailer.send(MAIL).catch((refusal: unknown) => refusal as Error);
    expect(error).toMatchObject({ name: 'MailRefused', message: 'The mail server did not take the mail: EENVELOPE 550' });
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('ann@example.com');
    mailer.onApplicationShutdown();
    await new Promise<void>((resolve) => server.close(resolve));
  });

  it('rejects when no server is there', async () => {
    const mailer = new SmtpMailer('smtp://127.0.0.1:1', 'posthorn@example.com');
    await expect(mailer.send(MAIL)).rejects.toThrow('The mail server did not take the mail: ESOCKET');
    mailer.onApplicationShutdown();
  });
});
