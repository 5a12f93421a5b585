import { startReceiver } from '../../../../test/support/receiver';
import { startMailServer } from '../../../../test/support/smtp';
import { SmtpMailer } from '../../../platform/mail/smtp-mailer';
import { MailNotifier } from '../mail-notifier';
import { InMemoryNotifier } from '../testing/in-memory-notifier';
import { describeNotifier } from '../testing/notifier.contract';
import { ChatNotifier } from './chat-notifier';

describeNotifier('InMemoryNotifier', () => {
  const notifier = new InMemoryNotifier();
  return Promise.resolve({
    notifier,
    arrived: () =>
      Promise.resolve(notifier.notices.map(({ title, paragraphs, link }) => [title, ...paragraphs, link.url, link.label].join('\n'))),
    refuse: () => {
      notifier.refuses = true;
    },
    address: 'nobody@example.com',
  });
});

describeNotifier('MailNotifier', async () => {
  const server = await startMailServer();
  const mailer = new SmtpMailer(server.url, 'Posthorn <posthorn@example.com>');
  let arrived: string[] = [];
  let refused = false;
  return {
    notifier: new MailNotifier(mailer, { email: 'ann@example.com', name: 'Ann' }, 'You look after it.'),
    arrived: async () => {
      if (!refused) {
        const { subject, text } = await server.mailTo('ann@example.com');
        arrived = [`${subject}\n${text}`];
      }
      return arrived;
    },
    refuse: () => {
      refused = true;
      mailer.onApplicationShutdown();
    },
    address: 'ann@example.com',
    close: () => server.stop(),
  };
});

describeNotifier('ChatNotifier', async () => {
  const receiver = await startReceiver();
  let refused = false;
  receiver.answerBy(() => ({ status: refused ? 403 : 200 }));
  return {
    notifier: new ChatNotifier(receiver.urlFor('/services/T0/B0/secret')),
    arrived: () => Promise.resolve(receiver.requests.slice(0, 1).map(({ body }) => (JSON.parse(body.toString()) as { text: string }).text)),
    refuse: () => {
      refused = true;
    },
    address: '/services/T0',
    close: () => receiver.stop(),
  };
});

describe('ChatNotifier', () => {
  it('shows as text what a chat would take for more, and says what is wrong with the connection', async () => {
    const receiver = await startReceiver();
    const notice = {
      title: '<!channel> & co',
      paragraphs: ['<https://evil.example|here>'],
      link: { url: 'https://a.example/', label: 'a' },
    };
    await new ChatNotifier(receiver.url).notify(notice);
    expect(receiver.requests).toMatchObject([{ method: 'POST', headers: { 'content-type': 'application/json' } }]);
    expect(JSON.parse(receiver.requests[0]!.body.toString())).toEqual({
      text: '*&lt;!channel&gt; &amp; co*\n\n&lt;https://evil.example|here&gt;\n\n<https://a.example/|a>',
    });
    await receiver.stop();
    await expect(new ChatNotifier(receiver.url).notify(notice)).rejects.toThrow('The chat did not take the notice: ECONNREFUSED');
  });
});
