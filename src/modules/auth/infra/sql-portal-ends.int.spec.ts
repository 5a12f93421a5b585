import type { QueryBus } from '@nestjs/cqrs';
import { openTestStore, type TestStore } from '../../../../test/support/store';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { IsOpenPortal, IsOpenPortalHandler } from '../queries/is-open-portal';
import { portalEndsContract } from '../testing/portal-ends.contract';
import { SqlPortalEnds } from './sql-portal-ends';

describe('portal access in PostgreSQL', () => {
  let db: TestStore;

  beforeAll(async () => {
    db = await openTestStore();
  });
  afterAll(() => db.close());

  const isOpen = (applicationId: string, portalTokenId: string, sessionId: string | null, exists = true) => {
    const applications = { execute: () => (exists ? Promise.resolve({ id: applicationId }) : Promise.reject(new EntityNotFound())) };
    const handler = new IsOpenPortalHandler(db.sql, applications as unknown as QueryBus);
    return handler.execute(new IsOpenPortal('org_1', applicationId, portalTokenId, sessionId));
  };

  portalEndsContract(
    () => new SqlPortalEnds(db.uow),
    async (...token) => !(await isOpen(...token)),
  );

  it('is closed when the application is gone', async () => {
    expect(await isOpen('app_1', 'ptk_1', null)).toBe(true);
    expect(await isOpen('app_1', 'ptk_1', null, false)).toBe(false);
  });
});
