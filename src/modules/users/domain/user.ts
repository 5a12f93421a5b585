import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../platform/crypto/encrypted-column';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import {
  UserEmailChanged,
  UserEmailVerified,
  UserErased,
  UserErasureRequested,
  UserProfileUpdated,
  UserPasswordChanged,
  UserPasswordReset,
  UserRegistered,
  UserRegistrationRepeated,
} from '../users.events';

export type Registration = {
  readonly name: string;
  readonly email: string;
  readonly emailHash: Buffer;
  /** Null: signs in elsewhere, and has no password here. */
  readonly passwordHash: string | null;
};

/** A person. What organizations they belong to is not known here. */
@Entity('user_account')
export class User extends AggregateRoot<User> {
  @EncryptedColumn() readonly name!: string;
  @EncryptedColumn() readonly email!: string;
  @Column('bytea') readonly emailHash!: Buffer;
  @Column('text', { nullable: true }) readonly passwordHash!: string | null;
  @Column('timestamptz', { nullable: true }) readonly passwordChangedAt: Date | null = null;
  @Column('timestamptz', { nullable: true }) readonly emailVerifiedAt: Date | null = null;
  /** When the name and password in force were given: before the address is verified, anybody may register it again. */
  @Column('timestamptz') readonly registeredAt!: Date;
  /** The account is closed, and about to be erased. */
  @Column('timestamptz', { nullable: true }) readonly erasureRequestedAt: Date | null = null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  static register(id: string, registration: Registration, now: Date): User {
    const user = new User();
    user.assign({ id, ...registration, registeredAt: now, createdAt: now, updatedAt: now });
    user.record(UserRegistered({ userId: id }));
    return user;
  }

  /**
   * Somebody, perhaps the owner, registers with this address again. The owner is told. While the address is not verified the last
   * one counts: else whoever registers an address first, without owning it, has chosen the password of its owner.
   */
  registerAgain({ name, passwordHash }: Pick<Registration, 'name' | 'passwordHash'>, now: Date): void {
    if (!this.emailVerifiedAt) this.assign({ name, passwordHash, registeredAt: now });
    this.assign({ updatedAt: now });
    this.record(UserRegistrationRepeated({ userId: this.id }));
  }

  changePassword(passwordHash: string, now: Date): void {
    this.assign({ passwordHash, passwordChangedAt: now, updatedAt: now });
    this.record(UserPasswordChanged({ userId: this.id }));
  }

  /** By who has proved to own the address. */
  resetPassword(passwordHash: string, now: Date): void {
    this.assign({ passwordHash, passwordChangedAt: now, updatedAt: now });
    this.record(UserPasswordReset({ userId: this.id }));
    this.verifyEmail(now);
  }

  /** By signing in with a provider. The password of an account that nobody had proved to own may be anybody's: it goes. */
  proveEmailElsewhere(now: Date): void {
    if (this.emailVerifiedAt) return;
    this.assign({ passwordHash: null });
    this.verifyEmail(now);
  }

  /** To an address that has been proved to belong to them. */
  changeEmail(email: string, emailHash: Buffer, now: Date): void {
    this.assign({ email, emailHash, emailVerifiedAt: now, updatedAt: now });
    this.record(UserEmailChanged({ userId: this.id }));
  }

  rename(name: string, now: Date): void {
    if (name === this.name) return;
    this.assign({ name, updatedAt: now });
    this.record(UserProfileUpdated({ userId: this.id, fields: ['name'] }));
  }

  /** Nobody signs in from now on. Asking again changes nothing. */
  requestErasure(now: Date): void {
    if (this.erasureRequestedAt) return;
    this.assign({ erasureRequestedAt: now, updatedAt: now });
    this.record(UserErasureRequested({ userId: this.id }));
  }

  /** Before the row is removed. */
  erase(): void {
    this.record(UserErased({ userId: this.id }));
  }

  /** The same password, hashed as we hash today. */
  rehash(passwordHash: string, now: Date): void {
    this.assign({ passwordHash, updatedAt: now });
  }

  verifyEmail(now: Date): void {
    if (this.emailVerifiedAt) return;
    this.assign({ emailVerifiedAt: now, updatedAt: now });
    this.record(UserEmailVerified({ userId: this.id }));
  }
}
