import { EventTypeIn, EventTypePatch } from './event-type.schemas';

describe('bodies of event types', () => {
  const minimal = { name: 'user.created', description: '' };

  it('fills in defaults and ignores fields from the future', () => {
    expect(EventTypeIn.parse({ ...minimal, groupName: 'users', featureFlags: ['a'] })).toEqual({
      name: 'user.created',
      settings: { description: '', schemas: null, archived: false, deprecated: false, featureFlag: null },
    });
    expect(EventTypePatch.parse({ unknown: 1 })).toEqual({});
  });

  it.each([
    { description: '' },
    { name: 'user created', description: '' },
    { name: 'x'.repeat(257), description: '' },
    { ...minimal, description: null },
    { ...minimal, description: '\u0000' },
    { ...minimal, schemas: [] },
    { ...minimal, schemas: { latest: {} } },
    { ...minimal, schemas: { 1: 'string' } },
    { ...minimal, schemas: { 1: { description: 'x'.repeat(300_000) } } },
    { ...minimal, archived: 'true' },
    { ...minimal, featureFlag: 'a b' },
  ])('refuses %j', (body) => {
    expect(EventTypeIn.safeParse(body).success).toBe(false);
  });

  it('refuses schemas that are nested too deeply to be printed', () => {
    const deep = (levels: number): unknown => JSON.parse('{"not":'.repeat(levels) + '{}' + '}'.repeat(levels));
    expect(EventTypeIn.safeParse({ ...minimal, schemas: { 1: deep(90) } }).success).toBe(true);
    expect(EventTypeIn.safeParse({ ...minimal, schemas: { 1: deep(100_000) } }).success).toBe(false);
  });
});
