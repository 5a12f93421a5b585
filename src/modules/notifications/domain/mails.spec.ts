import { greeting, renderMail } from './mail-content';
import { alreadyRegisteredMail, invitationMail, registeredAgainMail, verificationMail } from './mails';

const proof = { link: 'https://posthorn.example/verify-email#token=abc_-1', code: '012345' };

describe('mails', () => {
  it.each([verificationMail('Ann', proof), registeredAgainMail('Ann', proof)])(
    '$subject: link and code stand on lines of their own',
    ({ text, html }) => {
      expect(text.split('\n')).toEqual(expect.arrayContaining(['Hello Ann,', proof.link, proof.code]));
      expect(html).toContain(`href="${proof.link}"`);
      expect(html).toContain(proof.code);
    },
  );

  it('offers neither link nor code to somebody who has an account', () => {
    expect(alreadyRegisteredMail('Ann').text).not.toMatch(/https?:|\d{6}/);
  });

  it('shows what people typed as text', () => {
    const { html, text } = verificationMail('<img src=x onerror="alert(1)"> & \'Co\'', proof);
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;Co&#39;');
    expect(html).not.toContain('<img');
    expect(text).toContain('<img');
  });

  it('asks for nothing from outside', () => {
    expect(verificationMail('Ann', proof).html).not.toMatch(/<(img|link|script|style|iframe)|url\(|src=/i);
  });

  it.each(['Ann', 'Ann B. Lee', "Jeanne d'Arc", 'Жанна'])('greets %s by name', (name) => expect(greeting(name)).toBe(`Hello ${name},`));

  it.each(['http://spam.example', 'see spam.example', 'me@spam.example', 'a/b'])('does not carry %s to a stranger', (name) =>
    expect(greeting(name)).toBe('Hello,'),
  );

  it('names in an invitation who invites to what, unless that would be a link', () => {
    const link = 'https://posthorn.example/accept-invitation#token=x';
    expect(invitationMail('Acme Inc.', 'Ann', link).text).toContain('Ann invites you to Acme Inc. at Posthorn.');
    const { text, html } = invitationMail('win at evil.example', 'http://evil.example', link);
    expect(text + html).not.toContain('evil');
    expect(text.split('\n')).toContain(link);
  });

  it('keeps a link whole in an attribute', () => {
    expect(renderMail('s', [{ link: 'https://x.example/?a=1&b="2"', label: '<go>' }]).html).toContain(
      'href="https://x.example/?a=1&amp;b=&quot;2&quot;"',
    );
  });
});
