import { type PortalEnd, PortalEnds } from '../domain/portal-ends';

export class InMemoryPortalEnds extends PortalEnds {
  private readonly ends: PortalEnd[] = [];

  constructor(private readonly now = new Date('2026-01-02T03:04:05Z')) {
    super();
  }

  override async put(end: PortalEnd): Promise<void> {
    this.ends.push(end);
  }

  covers(applicationId: string, portalTokenId: string, sessionId: string | null): boolean {
    return this.ends.some(
      (end) =>
        (end.endsAt === null || end.endsAt <= this.now) &&
        end.applicationId === applicationId &&
        (end.sessionIds.length === 0 || (sessionId !== null && end.sessionIds.includes(sessionId))) &&
        portalTokenId < end.beforeId,
    );
  }
}
