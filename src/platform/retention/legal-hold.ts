import type { Sql } from '../database/sql';
import { DomainError } from '../errors/domain-error';

/** Organizations of whose data nothing is deleted, as a part of a statement. */
export const HELD = '(SELECT organization_id FROM legal_hold)';

const IS_HELD = { name: 'legal_hold.is_held', text: 'SELECT 1 FROM legal_hold WHERE organization_id = $1' };

/** What somebody wants to delete has to be kept, by the word of whoever operates the installation. */
export class UnderLegalHold extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'legal_hold';

  constructor() {
    super('The organization is under legal hold: its messages and attempts cannot be deleted until that is over.');
  }
}

/** @throws UnderLegalHold */
export async function refuseIfHeld(sql: Sql, organizationId: string): Promise<void> {
  if ((await sql.run(IS_HELD, [organizationId])).length > 0) throw new UnderLegalHold();
}
