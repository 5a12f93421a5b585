const WORDS = ['success', 'pending', 'fail', 'sending', 'canceled'] as const;

export type ShownStatus = { readonly status: number; readonly statusText: string };

/** @param expanded without it a canceled delivery is shown as a success: clients of old do not know the fifth status */
export function shownStatus(status: number, expanded = true): ShownStatus {
  const shown = status === 4 && !expanded ? 0 : status;
  return { status: shown, statusText: WORDS[shown] ?? 'fail' };
}
