import { equalsInConstantTime } from './constant-time';

describe('equalsInConstantTime', () => {
  it.each<[string | Buffer, string | Buffer, boolean]>([
    ['secret', 'secret', true],
    ['secret', 'secreT', false],
    ['secret', 'secrets', false],
    ['', '', true],
    ['é', Buffer.from('é'), true],
    [Buffer.from([0, 255]), Buffer.from([0, 254]), false],
  ])('compares %j with %j', (a, b, equal) => {
    expect(equalsInConstantTime(a, b)).toBe(equal);
  });
});
