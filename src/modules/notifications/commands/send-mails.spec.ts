import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Config } from '../../../config/env';
import { observersOf } from '../../../platform/outbox/observer';
import { InMemoryMailer } from '../../../platform/testing/in-memory-mailer';
import type { IssuedEmailVerification } from '../../users';
import { NOTICES } from '../domain/notices';
import '../processors/notice.observer';
import { SendEmailChangeMail, SendEmailChangeMailHandler } from './send-email-change-mail';
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
