import { randomBytes } from 'node:crypto';
import { examineSettings } from './examine-settings';

const good: Parameters<typeof examineSettings>[0] = {
  production: true,
  publicUrl: 'https://posthorn.example.com',
  allowedCidrs: [],
  encryption: [{ id: 'k1', key: randomBytes(32) }],
  lookup: randomBytes(32),
};
const levels = (changes: Partial<typeof good>) =>
  Object.fromEntries(examineSettings({ ...good, ...changes }).map(({ check, level }) => [check, level]));

describe('The settings', () => {
  it('are good as they are meant', () => {
    expect(levels({})).toEqual({ 'keys.strength': 'ok', egress: 'ok', 'public-url': 'ok' });
  });

  it('need a key for each purpose', () => {
    const key = randomBytes(32);
    expect(levels({ encryption: [{ id: 'k1', key }], lookup: key })).toMatchObject({ 'keys.strength': 'problem' });
  });

  it.each([
    [['0.0.0.0/0'], 'problem'],
    [['169.254.0.0/16'], 'problem'],
    [['127.0.0.0/8'], 'problem'],
    [['10.1.0.0/16'], 'warning'],
  ])('say what %s opens to tenants: %s', (allowedCidrs, level) => {
    expect(levels({ allowedCidrs })).toMatchObject({ egress: level });
  });

  it('ask for https in production only', () => {
    expect(levels({ publicUrl: 'http://a.example' })).toMatchObject({ 'public-url': 'warning' });
    expect(levels({ publicUrl: 'http://a.example', production: false })).toMatchObject({ 'public-url': 'ok' });
  });
});
