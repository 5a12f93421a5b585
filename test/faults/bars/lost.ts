import type { ChaosReport } from '../chaos/chaos';
import type { Kind } from '../chaos/nemesis';
import { atMost, type Bar } from './bar';

export type Run = { readonly seed: number; readonly kind: Kind; readonly report: ChaosReport };

/** B1: what was accepted arrives, and nothing else does; senders get no answer that is a lie. */
export function lost(runs: readonly Run[]): Bar[] {
  const sum = (count: (report: ChaosReport) => number) => runs.reduce((total, { report }) => total + count(report), 0);
  const accepted = sum((report) => report.accepted);
  return [
    atMost('B1', `lost, of ${accepted} messages in ${runs.length} runs`, { measured: sum((report) => report.lost), limit: 0 }),
    atMost('B1', 'arrived though nobody handed it in', { measured: sum((report) => report.unexpected), limit: 0 }),
    atMost('B1', 'badly signed', { measured: sum((report) => report.forged), limit: 0 }),
    atMost('B1', 'processes that ended by themselves', { measured: sum((report) => report.deaths), limit: 0 }),
    atMost('B1', 'answers that are neither 202 nor 503', { measured: sum((report) => report.wrongAnswers.length), limit: 0 }),
  ];
}
