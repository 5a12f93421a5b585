import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Config } from '../../../config/env';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { observersOf } from '../../../platform/outbox/observer';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import { InMemoryEventRecorder } from '../../../platform/testing/in-memory-event-recorder';
import { InMemoryMailer } from '../../../platform/testing/in-memory-mailer';
import { GetUsers, type IssuedEmailVerification } from '../../users';
import { GetApplication } from '../../webhooks';
import { NOTICES } from '../domain/notices';
import type { EndpointNoticeDue } from '../notifications.events';
import '../processors/endpoint-chat.observer';
import '../processors/notice.observer';
import { InMemoryNotifier } from '../testing/in-memory-notifier';
import { AddressEndpointNotice, AddressEndpointNoticeHandler } from './address-endpoint-notice';
import { PostEndpointNotice, PostEndpointNoticeHandler } from './post-endpoint-notice';
import { SendEmailChangeMail, SendEmailChangeMailHandler } from './send-email-change-mail';
import { SendEndpointNotice, SendEndpointNoticeHandler } from './send-endpoint-notice';
import { SendInvitationMail, SendInvitationMailHandler } from './send-invitation-mail';
import { SendNotice, SendNoticeHandler } from './send-notice';
import { SendPasswordResetMail, SendPasswordResetMailHandler } from './send-password-reset-mail';
import { SendRegistrationRepeatedMail, SendRegistrationRepeatedMailHandler } from './send-registration-repeated-mail';
import { SendVerificationMail, SendVerificationMailHandler } from './send-verification-mail';

const ANN = { email: 'ann@example.com', name: 'Ann' };
const ISSUED: IssuedEmailVerification = { ...ANN, token: 'the-token', code: '123456' };
const config = { http: { publicUrl: 'https://posthorn.example' } } as Config;
const commandsThatIssue = (issued: object | null) => ({ execute: async () => issued }) as unknown as CommandBus;
const queries = { execute: async () => ANN } as unknown as QueryBus;

describe('SendVerificationMail', () => {
  const send = async (issued: IssuedEmailVerification | null) => {
    const mailer = new InMemoryMailer();
    await new SendVerificationMailHandler(commandsThatIssue(issued), mailer, config).execute(new SendVerificationMail('user_1'));
    return mailer.sent;
  };

  it('sends link and code', async () => {
    const [mail] = await send(ISSUED);
    expect(mail).toMatchObject({ to: 'ann@example.com', subject: 'Confirm your e-mail address' });
    expect(mail!.text.split('\n')).toEqual(expect.arrayContaining(['https://posthorn.example/verify-email#token=the-token', '123456']));
  });

  it('sends nothing to who is verified already', async () => {
    expect(await send(null)).toEqual([]);
  });
});

describe('SendRegistrationRepeatedMail', () => {
  const send = async (issued: IssuedEmailVerification | null) => {
    const mailer = new InMemoryMailer();
    await new SendRegistrationRepeatedMailHandler(commandsThatIssue(issued), queries, mailer, config).execute(
      new SendRegistrationRepeatedMail('user_1'),
    );
    return mailer.sent;
  };

  it('tells the owner of an account, without a link', async () => {
    const [mail] = await send(null);
    expect(mail).toMatchObject({ to: 'ann@example.com', subject: 'Somebody tried to register with your address' });
    expect(mail!.text).not.toContain('http');
  });

  it('brings a new link and code while the address is not verified', async () => {
    const [mail] = await send(ISSUED);
    expect(mail!.text.split('\n')).toEqual(expect.arrayContaining(['https://posthorn.example/verify-email#token=the-token', '123456']));
  });
});

describe('SendPasswordResetMail', () => {
  const send = async (issued: object | null) => {
    const mailer = new InMemoryMailer();
    await new SendPasswordResetMailHandler(commandsThatIssue(issued), mailer, config).execute(new SendPasswordResetMail('user_1'));
    return mailer.sent;
  };

  it('sends the link', async () => {
    const [mail] = await send({ ...ANN, token: 'the-token' });
    expect(mail).toMatchObject({ to: 'ann@example.com', subject: 'Choose a new password' });
    expect(mail!.text.split('\n')).toContain('https://posthorn.example/reset-password#token=the-token');
  });

  it('sends nothing to who is gone', async () => {
    expect(await send(null)).toEqual([]);
  });
});

describe('SendEmailChangeMail', () => {
  const send = async (side: 'old' | 'new', issued: object | null) => {
    const mailer = new InMemoryMailer();
    await new SendEmailChangeMailHandler(commandsThatIssue(issued), mailer, config).execute(new SendEmailChangeMail('user_1', side));
    return mailer.sent;
  };

  it.each([
    ['old', 'Do you want another e-mail address?'],
    ['new', 'Confirm your new e-mail address'],
  ] as const)('sends the link to the %s address', async (side, subject) => {
    const [mail] = await send(side, { ...ANN, token: 'the-token' });
    expect(mail).toMatchObject({ to: 'ann@example.com', subject });
    expect(mail!.text.split('\n')).toContain('https://posthorn.example/confirm-email-change#token=the-token');
  });

  it('tells the owner of a taken address, without a link', async () => {
    const [mail] = await send('new', { ...ANN, token: null });
    expect(mail).toMatchObject({ to: 'ann@example.com', subject: 'Somebody wants to use your address' });
    expect(mail!.text).not.toContain('http');
  });

  it('sends nothing about what is over', async () => {
    expect(await send('old', null)).toEqual([]);
  });
});

describe('SendInvitationMail', () => {
  const send = async (issued: object | null) => {
    const mailer = new InMemoryMailer();
    await new SendInvitationMailHandler(commandsThatIssue(issued), mailer, config).execute(new SendInvitationMail('inv_1'));
    return mailer.sent;
  };

  it('sends the link to who is invited', async () => {
    const [mail] = await send({ email: 'bob@example.com', organizationName: 'Acme', inviterName: 'Ann', token: 'the-token' });
    expect(mail).toMatchObject({ to: 'bob@example.com', subject: 'You are invited to Posthorn' });
    expect(mail!.text.split('\n')).toContain('https://posthorn.example/accept-invitation#token=the-token');
  });

  it('sends nothing when there is nothing to accept any more', async () => {
    expect(await send(null)).toEqual([]);
  });
});

describe('AddressEndpointNotice', () => {
  it('is for each of those who look after the organization', async () => {
    const events = new InMemoryEventRecorder();
    const administrators = { execute: async () => ['user_1', 'user_2'] } as unknown as QueryBus;
    const news = { applicationId: 'app_1', endpointId: 'ep_1', reason: 'gone', failingSince: null, disablesAt: null } as const;
    await new AddressEndpointNoticeHandler(administrators, new ImmediateUnitOfWork(), events).execute(
      new AddressEndpointNotice('org_1', news),
    );
    expect(events.recorded.map(({ payload }) => payload)).toEqual([
      { userId: 'user_1', ...news },
      { userId: 'user_2', ...news },
    ]);
  });
});

describe('SendEndpointNotice', () => {
  const NEWS: EndpointNoticeDue = {
    userId: 'user_1',
    applicationId: 'app_1',
    endpointId: 'ep_1',
    reason: 'failing',
    failingSince: '2026-01-26T12:00:30.000Z',
    disablesAt: '2026-01-31T12:00:30.000Z',
  };
  const send = async (changes: Partial<EndpointNoticeDue> = {}, found: { uid?: string | null; name?: string; users?: object[] } = {}) => {
    const { uid = null, name = 'Acme', users = [ANN] } = found;
    const answers = {
      execute: async (query: object) => {
        if (query instanceof GetUsers) return users;
        if (name === '') throw new EntityNotFound();
        return query instanceof GetApplication ? { name } : { uid };
      },
    } as unknown as QueryBus;
    const mailer = new InMemoryMailer();
    await new SendEndpointNoticeHandler(answers, mailer, config).execute(new SendEndpointNotice('org_1', { ...NEWS, ...changes }));
    return mailer.sent;
  };

  it('warns, with when it began, when it will end and where to look', async () => {
    const [mail] = await send();
    expect(mail).toMatchObject({ to: 'ann@example.com', subject: 'Nothing arrives at ep_1' });
    expect(mail!.text).toContain('The endpoint ep_1 of Acme has answered no attempt with success since 2026-01-26 12:00 UTC.');
    expect(mail!.text).toContain('it will be disabled at 2026-01-31 12:00 UTC');
    expect(mail!.text.split('\n')).toContain('https://posthorn.example/app/app_1/endpoint/ep_1');
    expect(mail!.html).toContain('href="https://posthorn.example/app/app_1/endpoint/ep_1"');
  });

  it.each([
    [{ disablesAt: null }, 'has answered no attempt with success since 2026-01-26 12:00 UTC. It was disabled.'],
    [{ disablesAt: null, reason: 'gone', failingSince: null }, 'answered 410 Gone: it wants no more messages. It was disabled.'],
  ] as const)('says why it was disabled: %j', async (changes, sentence) => {
    const [mail] = await send(changes, { uid: 'main' });
    expect(mail!.subject).toBe('main was disabled');
    expect(mail!.text).toContain(`The endpoint main of Acme ${sentence}`);
  });

  it('carries nothing that a reader would make a link of', async () => {
    const [mail] = await send({}, { name: 'win at evil.example', uid: 'evil.example' });
    expect(mail!.text + mail!.html).not.toContain('evil');
    expect(mail!.text).toContain('The endpoint ep_1 of app_1 ');
  });

  it('says nothing to who is gone, and nothing of what is gone', async () => {
    expect(await send({}, { users: [] })).toEqual([]);
    expect(await send({}, { name: '' })).toEqual([]);
  });
});

describe('PostEndpointNotice', () => {
  const NEWS = { applicationId: 'app_1', endpointId: 'ep_1', reason: 'gone', failingSince: null, disablesAt: null } as const;
  const post = async (find: (query: object) => object) => {
    const notifier = new InMemoryNotifier();
    const answers = { execute: async (query: object) => find(query) } as unknown as QueryBus;
    await new PostEndpointNoticeHandler(answers, notifier, config).execute(new PostEndpointNotice('org_1', NEWS));
    return notifier.notices;
  };

  it('tells the channel what the mails tell, once', async () => {
    expect(await post((query) => (query instanceof GetApplication ? { name: 'Acme' } : { uid: 'main' }))).toEqual([
      {
        title: 'main was disabled',
        paragraphs: [
          'The endpoint main of Acme answered 410 Gone: it wants no more messages. It was disabled.',
          'Messages for it are kept and not sent. When it is repaired, enable it and recover what it missed:',
        ],
        link: { url: 'https://posthorn.example/app/app_1/endpoint/ep_1', label: 'Show the endpoint' },
      },
    ]);
  });

  it('says nothing of what is gone', async () => {
    const gone = () => {
      throw new EntityNotFound();
    };
    expect(await post(gone)).toEqual([]);
  });

  it.each(['endpoint.failing', 'endpoint.disabled'])('is rung by %s', (type) => {
    expect(observersOf(type)).toContain('notifications.endpoint-chat');
  });
});

describe('SendNotice', () => {
  const send = async (event: string) => {
    const mailer = new InMemoryMailer();
    await new SendNoticeHandler(queries, mailer).execute(new SendNotice('user_1', event));
    return mailer.sent;
  };

  it('says what has happened', async () => {
    const [mail] = await send('user.password_changed');
    expect(mail).toMatchObject({
      to: 'ann@example.com',
      subject: 'Your password was changed',
      text: expect.stringContaining('Hello Ann,'),
    });
  });

  it.each(Object.keys(NOTICES))('has somebody who watches for %s', async (type) => {
    expect(observersOf(type)).toContain('notifications.notice');
    expect(await send(type)).toHaveLength(1);
  });

  it('knows no text for anything else', async () => {
    await expect(send('user.registered')).rejects.toThrow('There is no mail about user.registered.');
  });
});
