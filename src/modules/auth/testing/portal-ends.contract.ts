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
    sessionId: null,
    beforeId: newId('ptk'),
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
    const end = anEnd({ sessionId: 'theirs' });
    await open().put(end);
    expect(await covers(end.applicationId, older, 'theirs')).toBe(true);
    expect(await covers(end.applicationId, older, 'mine')).toBe(false);
    expect(await covers(end.applicationId, older, null)).toBe(false);
  });

  it('never moves back', async () => {
    const [early, between] = [newId('ptk'), newId('ptk')];
    const end = anEnd();
    await open().put(end);
    await open().put({ ...end, beforeId: early });
    expect(await covers(end.applicationId, between, null)).toBe(true);
  });
}
