import { Column, Entity } from 'typeorm';
import type { LookupHash } from '../../../platform/crypto/lookup-hash';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import { UserIdentityLinked } from '../users.events';

/** That a person is who some OpenID provider calls by a name of its own. The name is a keyed hash. */
@Entity('user_identity')
export class UserIdentity extends AggregateRoot<UserIdentity> {
  @Column('text') readonly userId!: string;
  @Column('bytea') readonly subjectHash!: Buffer;
  @Column('timestamptz') readonly createdAt!: Date;

  static link(id: string, userId: string, subjectHash: Buffer, now: Date): UserIdentity {
    const identity = new UserIdentity();
    identity.assign({ id, userId, subjectHash, createdAt: now });
    identity.record(UserIdentityLinked({ userId }));
    return identity;
  }
}

export function subjectHash(lookup: LookupHash, issuer: string, subject: string): Buffer {
  return lookup.of('user.identity.v1', JSON.stringify([issuer, subject]));
}
