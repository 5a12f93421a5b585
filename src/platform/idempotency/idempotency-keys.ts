import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Cipher, SYSTEM_SCOPE } from '../crypto/cipher';
import { columnContext } from '../crypto/encrypted-column';
import { encryptedTable } from '../crypto/encrypted-tables';
import { Sql } from '../database/sql';

encryptedTable('idempotency_key', 'answer');

/** So long an answer is repeated: clients that still retry after half a day have lost their own memory. */
const KEPT = '12 hours';
/** A process that died leaves its claim behind. No request runs longer than this: its statements are cut off before. */
const CLAIMED = '60 seconds';

/** A request that carries a key. */
export type KeyedRequest = {
  /** Keyed hash of who asks, where, and of the key. */
  readonly id: string;
  readonly organizationId: string | null;
  /** Keyed hash of what is asked. */
  readonly requestHash: Buffer;
};

export type Claim = KeyedRequest & { readonly claim: string };
export type Answer = { readonly status: number; readonly contentType: string | null; readonly body: string };

type Row = { request_hash: Buffer; status: number | null; content_type: string | null; answer: Buffer | null };

/** A key is free, was forgotten, or its claim was left behind by a process that died. */
const CLAIM = {
  name: 'idempotency.claim',
  text: `
    INSERT INTO idempotency_key AS k (id, organization_id, request_hash, claim, claimed_until, expires_at)
    VALUES ($1, $2, $3, $4, now() + interval '${CLAIMED}', now() + interval '${KEPT}')
    ON CONFLICT (id) DO UPDATE
       SET request_hash = excluded.request_hash, claim = excluded.claim, claimed_until = excluded.claimed_until,
           expires_at = excluded.expires_at, status = NULL, content_type = NULL, answer = NULL
     WHERE k.expires_at < now() OR (k.status IS NULL AND k.claimed_until < now() AND k.request_hash = excluded.request_hash)
    RETURNING id`,
};

const READ = { name: 'idempotency.read', text: 'SELECT request_hash, status, content_type, answer FROM idempotency_key WHERE id = $1' };

const KEEP = {
  name: 'idempotency.keep',
  text: 'UPDATE idempotency_key SET status = $3, content_type = $4, answer = $5 WHERE id = $1 AND claim = $2',
};

const RELEASE = { name: 'idempotency.release', text: 'DELETE FROM idempotency_key WHERE id = $1 AND claim = $2' };

const FORGET = {
  name: 'idempotency.forget',
  text: `DELETE FROM idempotency_key
          WHERE id IN (SELECT id FROM idempotency_key WHERE expires_at < now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING id`,
};

/** Which keys were used and what was answered, in PostgreSQL: the same for all processes. */
@Injectable()
export class IdempotencyKeys {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  /** The right to answer this request, or what is known of the one that has it. */
  async claim(request: KeyedRequest): Promise<Claim | 'other_request' | 'under_way' | Answer> {
    const claim = randomUUID();
    const claimed = await this.sql.run(CLAIM, [request.id, request.organizationId, request.requestHash, claim]);
    if (claimed.length > 0) return { ...request, claim };
    const [row] = await this.sql.run<Row>(READ, [request.id]);
    // It failed a moment ago and gave the key back.
    if (!row) return this.claim(request);
    if (!row.request_hash.equals(request.requestHash)) return 'other_request';
    if (row.status === null) return 'under_way';
    const body = row.answer && (await this.cipher.open(columnContext('idempotency_key', 'answer', request.id), row.answer));
    return { status: row.status, contentType: row.content_type, body: body?.toString() ?? '' };
  }

  async keep({ id, organizationId, claim }: Claim, { status, contentType, body }: Answer): Promise<void> {
    const context = columnContext('idempotency_key', 'answer', id);
    const sealed = body === '' ? null : await this.cipher.seal(organizationId ?? SYSTEM_SCOPE, context, Buffer.from(body));
    await this.sql.run(KEEP, [id, claim, status, contentType, sealed]);
  }

  async release({ id, claim }: Claim): Promise<void> {
    await this.sql.run(RELEASE, [id, claim]);
  }

  /** @returns how many keys were past their time */
  async forget(atMost: number): Promise<number> {
    return (await this.sql.run(FORGET, [atMost])).length;
  }
}
