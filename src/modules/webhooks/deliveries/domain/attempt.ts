import type { AttemptDetails } from './attempt-details';
import type { ClaimedDelivery } from './claimed-delivery';
import type { NextStep } from './next-step';

/** One HTTP request, as it is kept for people to read. */
export type Attempt = {
  readonly id: string;
  readonly succeeded: boolean;
  readonly reason: string;
  readonly url: string;
  /** 0 without a response. */
  readonly responseStatusCode: number;
  readonly responseDurationMs: number;
  readonly response: Buffer;
  readonly attemptedAt: Date;
  readonly details: AttemptDetails;
};

/** What is written after a delivery was worked on; without an attempt when nothing was sent. */
export type DeliveryResult = { readonly delivery: ClaimedDelivery; readonly attempt: Attempt | null; readonly next: NextStep };
