import { newId } from '../../../platform/ids/id';
import type { PortalEnd, PortalEnds } from '../domain/portal-ends';

/** `covers` asks whether a portal token was ended. */
export function portalEndsContract(
  open: () => PortalEnds,
  covers: (applicationId: string, portalTokenId: string, sessionId: string | null) => Promise<boolean>,
): void {
  const anEnd = (changes: Partial<PortalEnd> = {}): PortalEnd => ({
    organizationId: newId('org'),
    applicationId: newId('app'),
    sessionIds: [],
    beforeId: newId('ptk'),
    endsAt: null,
    ...changes,
  });

  it('covers the tokens of an application that were made before, in whichever session', async () => {
    const older = newId('ptk');
    const end = anEnd();
    await open().put(end);
    expect(await covers(end.applicationId, older, null)).toBe(true);
    expect(await covers(end.applicationId, older, 'theirs')).toBe(true);
    expect(await covers(end.applicationId, newId('ptk'), null)).toBe(false);
    expect(await covers(newId('app'), older, null)).toBe(false);
  });

  it('covers one session alone', async () => {
    const older = newId('ptk');
    const end = anEnd({ sessionIds: ['theirs'] });
    await open().put(end);
    expect(await covers(end.applicationId, older, 'theirs')).toBe(true);
    expect(await covers(end.applicationId, older, 'mine')).toBe(false);
    expect(await covers(end.applicationId, older, null)).toBe(false);
  });

  it.each([null, new Date('2020-01-01T00:00:00Z')])(
    'covers several sessions at once, also one that is named twice: from %j on',
    async (endsAt) => {
      const older = newId('ptk');
      const end = anEnd({ sessionIds: ['theirs', 'hers', 'theirs'], endsAt });
      await open().put(end);
      for (const [sessionId, ended] of [
        ['theirs', true],
        ['hers', true],
        ['mine', false],
      ] as const)
        expect(await covers(end.applicationId, older, sessionId)).toBe(ended);
    },
  );

  it('covers tokens from a later moment on, whatever else lies ahead', async () => {
    const [past, ahead] = [new Date('2020-01-01T00:00:00Z'), new Date('2100-01-01T00:00:00Z')];
    const older = newId('ptk');
    const first = anEnd({ endsAt: past });
    const between = newId('ptk');
    await open().put(first);
    await open().put({ ...first, beforeId: newId('ptk'), endsAt: ahead });
    expect(await covers(first.applicationId, older, null)).toBe(true);
    expect(await covers(first.applicationId, between, 'theirs')).toBe(false);
    await open().put({ ...first, beforeId: newId('ptk'), endsAt: past });
    expect(await covers(first.applicationId, between, 'theirs')).toBe(true);
  });

  it('never moves back', async () => {
    const [early, between] = [newId('ptk'), newId('ptk')];
    const end = anEnd();
    await open().put(end);
    await open().put({ ...end, beforeId: early });
    expect(await covers(end.applicationId, between, null)).toBe(true);
  });
}
