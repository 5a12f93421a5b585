import { EmailAddress, NewPassword, DisplayName } from './users.schemas';

describe('what a person may send', () => {
  it.each(['Ann', ' Ann Lee ', 'Жанна', '💂', 'x'.repeat(100)])('takes the name %j', (name) =>
    expect(DisplayName.parse(name)).toBe(name.trim()),
  );

  it.each(['', '   ', 'x'.repeat(101), 'Ann\u0000', 'Ann\nLee', '\ud800', 7, null])('refuses the name %j', (name) =>
    expect(DisplayName.safeParse(name).success).toBe(false),
  );

  it.each(['x'.repeat(12), 'x'.repeat(1_024), ' '.repeat(12), 'zero\u0000zero\u0000zero'])('takes the password %j', (password) =>
    expect(NewPassword.parse(password)).toBe(password),
  );

  it.each(['x'.repeat(11), 'x'.repeat(1_025), `${'x'.repeat(12)}\udfff`, {}])('refuses the password %j', (password) =>
    expect(NewPassword.safeParse(password).success).toBe(false),
  );

  it('takes an address as it was typed', () => {
    expect(EmailAddress.parse(' Ann@Example.com')).toBe(' Ann@Example.com');
    expect(EmailAddress.safeParse('ann').success).toBe(false);
  });
});
