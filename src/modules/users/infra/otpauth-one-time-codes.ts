import { Injectable } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import { OneTimeCodes } from '../domain/one-time-codes';

const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
/** Clocks of phones differ, and typing takes its time. */
const WINDOW = 1;
const CODE = /^\d{6}$/;

@Injectable()
export class OtpauthOneTimeCodes extends OneTimeCodes {
  override newSecret(): string {
    return new Secret({ size: SECRET_BYTES }).base32;
  }

  override uri(secret: string, account: string): string {
    return totp(secret, account).toString();
  }

  override stepOf(secret: string, code: string, now: Date): number | null {
    if (!CODE.test(code)) return null;
    const timestamp = now.getTime();
    const delta = totp(secret).validate({ token: code, timestamp, window: WINDOW });
    return delta === null ? null : Math.floor(timestamp / 1_000 / PERIOD_SECONDS) + delta;
  }
}

function totp(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: 'Posthorn', label, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS, secret: Secret.fromBase32(secret) });
}
