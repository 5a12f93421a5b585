export type PortalEnd = {
  readonly organizationId: string;
  readonly applicationId: string;
  /** Of the caller's own; none ends them all. */
  readonly sessionIds: readonly string[];
  /** Portal tokens whose id is smaller, which are older, are good no more. */
  readonly beforeId: string;
  /** From when on; null is now. */
  readonly endsAt: Date | null;
};

/** Port: up to when the portal tokens of an application were ended. */
export abstract class PortalEnds {
  /** In the transaction of the caller. An end never moves back, and one that lies ahead changes nothing about those before it. */
  abstract put(end: PortalEnd): Promise<void>;
}
