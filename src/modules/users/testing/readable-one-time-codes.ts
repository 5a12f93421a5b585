import { randomBytes } from 'node:crypto';
import { OneTimeCodes } from '../domain/one-time-codes';

/** The code of a step is its last six digits, whatever the secret. */
export class ReadableOneTimeCodes extends OneTimeCodes {
  override newSecret(): string {
    return randomBytes(20).toString('hex');
  }

  override uri(secret: string, account: string): string {
    return `otpauth://totp/Posthorn:${encodeURIComponent(account)}?issuer=Posthorn&secret=${secret}`;
  }

  override stepOf(_secret: string, code: string, now: Date): number | null {
    const current = Math.floor(now.getTime() / 30_000);
    return [current, current - 1, current + 1].find((step) => this.codeAt(step) === code) ?? null;
  }

  codeAt(step: number): string {
    return String(step).slice(-6);
  }
}
