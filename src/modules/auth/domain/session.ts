import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../platform/crypto/encrypted-column';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import { SessionReuseDetected, SessionRevoked, SignedIn, type SessionEnd } from '../auth.events';

export type Device = { readonly userAgent: string | null; readonly address: string | null };

/** What came of presenting a refresh token. */
export type RefreshOutcome = 'rotated' | 'repeated' | 'reused' | 'ended';

const DAY_MS = 86_400_000;
/** A session that nobody uses ends after two weeks, and any session after three months. */
const IDLE_MS = 14 * DAY_MS;
const ABSOLUTE_MS = 90 * DAY_MS;
/** Two tabs that refresh at once, or an answer that got lost, are no theft. */
const GRACE_MS = 10_000;
const MAX_USER_AGENT = 256;

/** One sign-in on one device. Its refresh tokens are computed from it (`refresh-token.ts`); none is stored. */
@Entity('session')
export class Session extends AggregateRoot<Session> {
  @Column('text') readonly userId!: string;
  @EncryptedColumn() readonly device!: Device;
  @Column('bytea') readonly nonce!: Buffer;
  /** Of the one refresh token that is good now. */
  @Column('int') readonly generation: number = 1;
  @Column('timestamptz') readonly refreshedAt!: Date;
  @Column('timestamptz') readonly expiresAt!: Date;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly revokedAt: Date | null = null;

  static open(id: string, userId: string, device: Device, nonce: Buffer, now: Date): Session {
    const session = new Session();
    const userAgent = device.userAgent?.slice(0, MAX_USER_AGENT) ?? null;
    session.assign({ id, userId, device: { ...device, userAgent }, nonce, createdAt: now });
    session.touch(now);
    session.record(SignedIn({ sessionId: id, userId }));
    return session;
  }

  /** Presents the token of a generation, whose mac was verified. Everything but the current one and its predecessor ends the session. */
  refresh(generation: number, now: Date): RefreshOutcome {
    if (!this.isAlive(now)) return 'ended';
    if (generation === this.generation) {
      this.assign({ generation: generation + 1 });
      this.touch(now);
      return 'rotated';
    }
    if (generation === this.generation - 1 && now.getTime() - this.refreshedAt.getTime() <= GRACE_MS) return 'repeated';
    this.record(SessionReuseDetected({ sessionId: this.id, userId: this.userId }));
    this.end('refresh_token_reused', now);
    return 'reused';
  }

  end(reason: SessionEnd, now: Date): void {
    if (this.revokedAt) return;
    this.assign({ revokedAt: now, updatedAt: now });
    this.record(SessionRevoked({ sessionId: this.id, userId: this.userId, reason }));
  }

  private isAlive(now: Date): boolean {
    return !this.revokedAt && this.expiresAt > now;
  }

  private touch(now: Date): void {
    const end = Math.min(now.getTime() + IDLE_MS, this.createdAt.getTime() + ABSOLUTE_MS);
    this.assign({ refreshedAt: now, updatedAt: now, expiresAt: new Date(end) });
  }
}
