import { randomBytes } from 'node:crypto';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { newId } from '../../../platform/ids/id';
import type { InvitationRepository } from '../domain/invitation.repository';
import { AlreadyInvited } from '../domain/organization.errors';
import { anInvitation, NOW } from './builders';

/** `tenantId` makes an organization that can invite. */
export function invitationRepositoryContract(
  open: () => InvitationRepository,
  tenantId: () => Promise<string> = async () => newId('org'),
): void {
  const saved = async (of: Parameters<typeof anInvitation>[0] = {}) => {
    const invitation = anInvitation({ organizationId: await tenantId(), ...of });
    await open().save(invitation);
    return invitation;
  };

  it('finds an open invitation by id, by address and by the token that was mailed last', async () => {
    const invitation = await saved({ email: 'жанна@example.com' });
    const { id, organizationId, emailHash } = invitation;
    const [first, second] = [randomBytes(32), randomBytes(32)];
    for (const token of [first, second]) {
      invitation.issueToken(token, NOW);
      await open().save(invitation);
    }
    const expected = { id, email: 'жанна@example.com', role: 'developer', version: 3 };
    expect(await open().find(organizationId, id)).toMatchObject(expected);
    expect(await open().findById(id)).toMatchObject(expected);
    expect(await open().findByEmail(organizationId, emailHash)).toMatchObject(expected);
    expect(await open().findByTokenHash(second)).toMatchObject(expected);
    expect(await open().findByTokenHash(first)).toBeNull();
  });

  it('knows nothing of the invitations of others', async () => {
    const { id, emailHash } = await saved();
    const other = await tenantId();
    expect(await open().find(other, id)).toBeNull();
    expect(await open().findByEmail(other, emailHash)).toBeNull();
  });

  it('keeps one invitation for an address in each organization', async () => {
    const { organizationId, emailHash } = await saved();
    await expect(saved({ organizationId, emailHash: Buffer.from(emailHash) })).rejects.toThrow(AlreadyInvited);
    await saved({ emailHash: Buffer.from(emailHash) });
  });

  it('removes an invitation once', async () => {
    const invitation = await saved();
    const [mine, theirs] = [await open().findById(invitation.id), await open().findById(invitation.id)];
    await open().remove(mine!);
    expect(await open().findById(invitation.id)).toBeNull();
    await expect(open().remove(theirs!)).rejects.toThrow(ConcurrentChange);
  });
}
