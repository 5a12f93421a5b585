import { type PortalEnd, PortalEnds } from '../domain/portal-ends';

export class InMemoryPortalEnds extends PortalEnds {
  private readonly ends: PortalEnd[] = [];

  override async put(end: PortalEnd): Promise<void> {
    this.ends.push(end);
  }

  covers(applicationId: string, portalTokenId: string, sessionId: string | null): boolean {
    return this.ends.some(
      (end) =>
        end.applicationId === applicationId && (end.sessionId === null || end.sessionId === sessionId) && portalTokenId < end.beforeId,
    );
  }
}
