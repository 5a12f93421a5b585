import { Client } from 'pg';
import { firstIdAt, newId } from '../../src/platform/ids/id';
import { openTestDatabase } from '../../test/support/database';

const DAY_MS = 86_400_000;
const ENDPOINTS = 100;
export const HISTORY_DAYS = 80;

export type History = Awaited<ReturnType<typeof seedHistory>> & { readonly database: Awaited<ReturnType<typeof openTestDatabase>> };

/** A database with a history. It takes minutes to make, so those that need one read the same, or change a copy. */
export async function makeHistory(attempts: number): Promise<History> {
  const database = await openTestDatabase();
  return { database, ...(await seedHistory(database.url, { attempts, days: HISTORY_DAYS })) };
}

/**
 * A history of so many attempts over so many days, by one statement for each day and table: half of it at one endpoint. One in a
 * thousand fails; one in 20,000 messages is of a rare type, channel, tag and answer; one in ten has the common labels.
 */
async function seedHistory(url: string, { attempts, days }: { readonly attempts: number; readonly days: number }) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const [organizationId, applicationId] = [newId('org'), newId('app')];
  const endpoints = Array.from({ length: ENDPOINTS }, () => newId('ep'));
  const perDay = Math.ceil(attempts / days);
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  for (let day = days - 1; day >= 0; day--) {
    const start = new Date(today - day * DAY_MS);
    for (const [table, prefix] of [
      ['message', 'msg'],
      ['settled_delivery', 'msg'],
      ['attempt', 'atmpt'],
    ] as const)
      await client.query(
        `CREATE TABLE IF NOT EXISTS ${table}_${start.toISOString().slice(0, 10).replaceAll('-', '')} PARTITION OF ${table}
           FOR VALUES FROM ('${firstIdAt(prefix, start)}') TO ('${firstIdAt(prefix, new Date(start.getTime() + DAY_MS))}')`,
      );
    // The first digits say when; the rest only has to grow.
    const head = (prefix: string) => firstIdAt(prefix, start).slice(0, prefix.length + 1 + 12);
    await client.query(DAY, [organizationId, applicationId, endpoints, head('msg'), head('atmpt'), perDay, start]);
  }
  await client.query('VACUUM ANALYZE');
  const { rows } = await client.query<{ id: string }>('SELECT id FROM message ORDER BY id DESC LIMIT 1');
  await client.end();
  return { organizationId, applicationId, endpointId: endpoints[0]!, messageId: rows[0]!.id };
}

const DAY = `
  WITH n AS MATERIALIZED (
    SELECT i, $4::text || lpad(i::text, 15, '0') AS message_id, $5::text || lpad(i::text, 15, '0') AS attempt_id,
           CASE WHEN i % 2 = 0 THEN ($3::text[])[1] ELSE ($3::text[])[2 + i / 2 % 99] END AS endpoint_id,
           CASE WHEN i % 20000 = 0 THEN 'rare' ELSE 'common' END AS event_type,
           CASE WHEN i % 20000 = 0 THEN 404 WHEN i % 1000 = 2 THEN 500 ELSE 200 END AS code,
           CASE WHEN i % 20000 = 0 THEN '{rare}'::text[] WHEN i % 10 = 0 THEN '{common}'::text[] END AS labels,
           $7::timestamptz + make_interval(secs => i * 86400.0 / $6::int) AS at
      FROM generate_series(0, $6::int - 1) i
  ), messages AS (
    INSERT INTO message (id, organization_id, application_id, event_type, channels, tags, payload, created_at)
    SELECT message_id, $1, $2, event_type, labels, labels, '\\x00', at FROM n
  ), settled AS (
    INSERT INTO settled_delivery (message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count, settled_at)
    SELECT message_id, endpoint_id, $1, $2, event_type, CASE code WHEN 200 THEN 0 ELSE 2 END, 'ok', 1, at FROM n
  )
  INSERT INTO attempt (id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason,
                       response_status_code, response_duration_ms, trigger_type, url, response, attempted_at)
  SELECT attempt_id, $1, $2, message_id, endpoint_id, event_type, CASE code WHEN 200 THEN 0 ELSE 2 END, 'ok', code, 20, 0, '\\x00', '\\x00', at
    FROM n`;
