import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Config } from '../../../config/env';
import { InMemoryMailer } from '../../../platform/testing/in-memory-mailer';
import type { IssuedEmailVerification } from '../../users';
import { SendRegistrationRepeatedMail, SendRegistrationRepeatedMailHandler } from './send-registration-repeated-mail';
import { SendVerificationMail, SendVerificationMailHandler } from './send-verification-mail';

const ANN = { email: 'ann@example.com', name: 'Ann' };
const ISSUED: IssuedEmailVerification = { ...ANN, token: 'the-token', code: '123456' };
const config = { http: { publicUrl: 'https://posthorn.example' } } as Config;
const commandsThatIssue = (issued: IssuedEmailVerification | null) => ({ execute: async () => issued }) as unknown as CommandBus;
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
