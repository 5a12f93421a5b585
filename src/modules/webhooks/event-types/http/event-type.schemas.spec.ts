import { EventTypeIn, EventTypePatch } from './event-type.schemas';

describe('bodies of event types', () => {
  const minimal = { name: 'user.created', description: '' };

  it('fills in defaults and ignores fields from the future', () => {
    expect(EventTypeIn.parse({ ...minimal, ofTheFuture: 1 })).toEqual({
      name: 'user.created',
      settings: {
        description: '',
        schemas: null,
        archived: false,
        deprecated: false,
        validation: 'off',
        groupName: null,
        featureFlags: null,
      },
    });
    expect(EventTypePatch.parse({ unknown: 1 })).toEqual({});
  });

  it('takes one flag or several, and null for none', () => {
    const flags = (body: object) => EventTypeIn.parse({ ...minimal, ...body }).settings.featureFlags;
    expect(flags({ featureFlag: 'a' })).toEqual(['a']);
    expect(flags({ featureFlags: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(flags({ featureFlag: 'c', featureFlags: ['a'] })).toEqual(['a']);
    expect(EventTypePatch.parse({ featureFlag: null })).toEqual({ featureFlags: null });
    expect(EventTypePatch.parse({})).toEqual({});
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
    { ...minimal, featureFlags: [] },
    { ...minimal, groupName: 'a b' },
    { ...minimal, validation: 'on' },
  ])('refuses %j', (body) => {
    expect(EventTypeIn.safeParse(body).success).toBe(false);
  });

  it('refuses schemas that are nested too deeply to be printed', () => {
    const deep = (levels: number): unknown => JSON.parse('{"not":'.repeat(levels) + '{}' + '}'.repeat(levels));
    expect(EventTypeIn.safeParse({ ...minimal, schemas: { 1: deep(90) } }).success).toBe(true);
    expect(EventTypeIn.safeParse({ ...minimal, schemas: { 1: deep(100_000) } }).success).toBe(false);
  });
});
