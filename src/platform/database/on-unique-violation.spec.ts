import { QueryFailedError } from 'typeorm';
import { onUniqueViolation } from './on-unique-violation';

class NameTaken extends Error {}

describe('onUniqueViolation', () => {
  const handle = onUniqueViolation('thing_name_key', () => new NameTaken());
  const violation = (constraint: string) =>
    new QueryFailedError('INSERT', [], Object.assign(new Error('duplicate'), { code: '23505', constraint }));

  it('turns the violation of the named constraint into the error of the domain', () => {
    expect(() => handle(violation('thing_name_key'))).toThrow(NameTaken);
  });

  it.each([
    ['of another constraint', violation('thing_pkey')],
    ['of no constraint', new QueryFailedError('SELECT', [], new Error('syntax error'))],
    ['of another kind', Object.assign(new Error('not from the database'), { constraint: 'thing_name_key' })],
  ])('rethrows an error %s as it is', (_, error) => {
    expect(() => handle(error)).toThrow(error);
  });
});
