/** What an examination found. `problem`: it does not work, or will not for long. `warning`: it works, and somebody should know. */
export type Finding = {
  readonly check: string;
  readonly level: 'ok' | 'warning' | 'problem';
  readonly detail: string;
};

export const ok = (check: string, detail: string): Finding => ({ check, level: 'ok', detail });
export const warning = (check: string, detail: string): Finding => ({ check, level: 'warning', detail });
export const problem = (check: string, detail: string): Finding => ({ check, level: 'problem', detail });

/** Of an error without what it may carry of hosts, passwords and values. */
export function reasonOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}
