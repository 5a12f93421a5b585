import Queue from 'bull';
import { Pool } from 'pg';
import { Agent, request } from 'undici';
import { signWebhook } from '../../src/platform/crypto/webhook-signature';
import { newId } from '../../src/platform/ids/id';
import { serve } from '../support/child';
import { NAIVE_QUEUE, type NaiveJob } from './naive-schema';

const CONCURRENCY = 128;

const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const dispatcher = new Agent({ connections: CONCURRENCY });
const queue = new Queue<NaiveJob>(NAIVE_QUEUE, process.env['REDIS_URL'] ?? '', { prefix: process.env['QUEUE_PREFIX'] ?? '' });

const LOAD = {
  name: 'load',
  text: 'SELECT m.payload::text AS payload, e.url, e.secret FROM message m, endpoint e WHERE m.id = $1 AND e.id = $2',
};
const ATTEMPT = {
  name: 'attempt',
  text: 'INSERT INTO attempt (id, message_id, endpoint_id, status, response) VALUES ($1, $2, $3, $4, $5)',
};

/** One job for each delivery: look up, sign, send, write down. */
void queue.process(CONCURRENCY, async ({ data: { messageId, endpointId } }) => {
  const { rows } = await pool.query<{ payload: string; url: string; secret: string }>({ ...LOAD, values: [messageId, endpointId] });
  const [found] = rows;
  if (!found) return;
  const body = Buffer.from(found.payload);
  const timestamp = Math.floor(Date.now() / 1_000);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': messageId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signWebhook([found.secret], messageId, timestamp, body),
  };
  const answer = await request(found.url, { method: 'POST', headers, body, dispatcher });
  const text = await answer.body.text();
  await pool.query({ ...ATTEMPT, values: [newId('atmpt'), messageId, endpointId, answer.statusCode, text] });
  if (answer.statusCode >= 300) throw new Error(`answered ${answer.statusCode}`);
});

void queue.isReady().then(() => {
  serve({});
});
