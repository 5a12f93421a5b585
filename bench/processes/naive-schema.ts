/** What most teams begin with. */
export const NAIVE_SCHEMA = `
  CREATE TABLE endpoint (id text PRIMARY KEY, application_id text NOT NULL, url text NOT NULL, secret text NOT NULL);
  CREATE INDEX ON endpoint (application_id);
  CREATE TABLE message (id text PRIMARY KEY, application_id text NOT NULL, event_type text NOT NULL, payload jsonb NOT NULL,
                        created_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX ON message (application_id, created_at);
  CREATE TABLE attempt (id text PRIMARY KEY, message_id text NOT NULL, endpoint_id text NOT NULL, status int NOT NULL, response text NOT NULL,
                        attempted_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX ON attempt (message_id);
  CREATE INDEX ON attempt (endpoint_id, attempted_at);`;

export const NAIVE_QUEUE = 'naive';

export type NaiveJob = { readonly messageId: string; readonly endpointId: string };
