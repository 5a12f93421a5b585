import { loadConfig } from '../../../../config/env';
import type { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import type { Sql } from '../../../../platform/database/sql';
import { newId } from '../../../../platform/ids/id';
import { NotificationSender } from '../../../../platform/database/notification-sender';
import { SystemClock } from '../../../../platform/time/clock';
import { type Environment, testEnvironment } from '../../../../../test/support/environment';
import type { DeliveryResult } from '../domain/attempt';
import { NO_WIRE } from '../../../../platform/destinations/attempt-outcome';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import type { NextStep } from '../domain/next-step';
import { Receivers } from '../infra/receivers';
import { SqlDeliveryStore } from '../infra/sql-delivery-store';
import { replan } from '../replan';

export const SUCCESS: NextStep = { kind: 'settle', status: 'success', reason: 'ok' };
export const RETRY: NextStep = { kind: 'retry', delaySeconds: 3_600 };

/** Applications, endpoints, accepted messages and workers over a bare store, for specs of the engine's statements. */
export function deliveryFixture({ sql, cipher }: { readonly sql: Sql; readonly cipher: Cipher }, organizationId: string) {
  const seal = (table: string, column: string, id: string, value: unknown) =>
    cipher.sealJson(organizationId, columnContext(table, column, id), value);

  return {
    /** A worker of its own, alive. */
    async worker(environment: Environment = {}): Promise<SqlDeliveryStore> {
      const config = loadConfig(testEnvironment({ DATABASE_URL: 'postgres://unused', ...environment }));
      const store = new SqlDeliveryStore(sql, cipher, new Receivers(sql, cipher, new SystemClock()), new NotificationSender(sql), config);
      await store.beat();
      return store;
    },

    async application(throttleRate: number | null = null): Promise<string> {
      const id = newId('app');
      await sql.run(
        `INSERT INTO application (id, organization_id, name, metadata, throttle_rate, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, 1, now(), now())`,
        [id, organizationId, await seal('application', 'name', id, 'Acme'), await seal('application', 'metadata', id, {}), throttleRate],
      );
      return id;
    },

    /** @param settings by column */
    async endpoint(app: string, settings: Readonly<Record<string, unknown>> = {}): Promise<string> {
      const id = newId('ep');
      const sealed = {
        url: 'http://127.0.0.1:9/',
        description: '',
        metadata: {},
        secrets: [{ key: 'whsec_x', expiresAt: null }],
        headers: {},
      };
      const columns: Record<string, unknown> = {
        id,
        organization_id: organizationId,
        application_id: app,
        disabled: false,
        version: 1,
        ...settings,
      };
      for (const [column, value] of Object.entries(sealed)) columns[column] = await seal('endpoint', column, id, value);
      const names = Object.keys(columns);
      await sql.run(
        `INSERT INTO endpoint (${names.join(', ')}, created_at, updated_at) VALUES (${names.map((_, n) => `$${n + 1}`).join(', ')}, now(), now())`,
        Object.values(columns),
      );
      return id;
    },

    /** So many more like that one, after it. What is sealed is so for that one alone: a delivery to the others cannot be leased. */
    async copiesOf(endpoint: string, count: number): Promise<void> {
      await sql.run(
        `INSERT INTO endpoint (id, organization_id, application_id, disabled, version, url, description, metadata, secrets, headers, created_at, updated_at)
         SELECT 'ep_z' || lpad(n::text, 26, '0'), organization_id, application_id, disabled, version, url, description, metadata, secrets, headers, now(), now()
           FROM endpoint, generate_series(1, $2::int) n WHERE id = $1`,
        [endpoint, count],
      );
    },

    async messages(app: string, count: number, payloadBytes?: number): Promise<string[]> {
      const ids = Array.from({ length: count }, () => newId('msg'));
      for (const id of ids) {
        const payload = await cipher.seal(organizationId, columnContext('message', 'payload', id), Buffer.from(`{"id":"${id}"}`));
        await sql.run(
          `WITH accepted AS (
             INSERT INTO message (id, organization_id, application_id, event_type, payload, created_at) VALUES ($1, $2, $3, 'a', $4, now()))
           INSERT INTO message_outbox (message_id, organization_id, application_id, event_type, accepted_at, payload_bytes)
           VALUES ($1, $2, $3, 'a', now(), $5)`,
          [id, organizationId, app, payload, payloadBytes ?? payload.length],
        );
      }
      return ids;
    },

    /** By hand. */
    async resend(app: string, messages: readonly string[], endpoint: string): Promise<void> {
      await sql.run(RESEND, [messages, endpoint, organizationId, app]);
    },
  };
}

const RESEND = replan(
  `wanted AS MATERIALIZED (SELECT unnest($1::text[]) AS message_id, $2::text AS endpoint_id, $3::text AS organization_id,
                                  $4::text AS application_id, 'a'::text AS event_type, 0 AS payload_bytes)`,
  'count(*) AS rung',
);

export function resultOf(delivery: ClaimedDelivery, next: NextStep, reason = 'ok'): DeliveryResult {
  return {
    delivery,
    next,
    attempt: {
      id: newId('atmpt'),
      succeeded: next.kind === 'settle' && next.status === 'success',
      reason,
      url: 'http://127.0.0.1:9/',
      responseStatusCode: 200,
      responseDurationMs: 1,
      response: Buffer.from([0, 255]),
      attemptedAt: new Date(),
      details: { requestHeaders: {}, ...NO_WIRE },
    },
  };
}
