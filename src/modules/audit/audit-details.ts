/** What is personal about an entry; encrypted with the key of its organization, and unreadable when that is gone. */
export type AuditDetails = {
  /** Network address of the caller. */
  readonly address: string | null;
  readonly fields: readonly string[];
};
