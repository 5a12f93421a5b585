import type { Sql, Statement } from '../../../../platform/database/sql';
import type { IdWindow } from '../../../../platform/http/time-window';

export type Labels = { readonly channel?: string | undefined; readonly tag?: string | undefined };

/** An item of a list: the key by which the list is sorted, and the message that has the labels. */
export type Candidate = { readonly key: string; readonly message_id: string };

/** A list that is sorted by its key and knows no labels. */
export type UnlabelledList<Item extends Candidate> = {
  /** The next items beyond a key, which is null at the beginning. */
  readonly look: (beyond: string | null, limit: number) => Promise<Item[]>;
  /** The items of these messages, up to a limit. */
  readonly among: (messageIds: readonly string[], limit: number) => Promise<Item[]>;
};

/** A label that one message in twenty has fills a page of fifty from so many. */
const FIRST_LOOK = 1_000;
const NEXT_LOOKS = 10_000;
/** Above this it is better to go on looking: rare is what an index of the labels alone finds in milliseconds. */
const RARE = 1_000;

/**
 * A page of what has a label, in the order of a list whose index does not have it. Frequent labels are found by looking at the
 * list, rare ones by the index of the labels; the first look tells which it is. Each statement reads one table by one index, so
 * there is nothing for the planner to guess.
 */
export async function searchByLabel<Item extends Candidate>(
  sql: Sql,
  where: { readonly organizationId: string; readonly window: IdWindow; readonly take: number },
  labels: Labels,
  { look, among }: UnlabelledList<Item>,
): Promise<Item[]> {
  const found: Item[] = [];
  let beyond: string | null = null;
  for (let size = FIRST_LOOK; ; size = NEXT_LOOKS) {
    const seen = await look(beyond, size);
    const labelled = await labelledAmong(sql, seen, labels);
    found.push(...seen.filter(({ message_id }) => labelled.has(message_id)));
    if (found.length >= where.take || seen.length < size) return found.slice(0, where.take);
    beyond = seen.at(-1)?.key ?? null;
    if (size === FIRST_LOOK) {
      const all = await allLabelled(sql, where.organizationId, where.window, labels);
      if (all.length <= RARE) return among(all, where.take);
    }
  }
}

const given = ({ channel, tag }: Labels) => [channel, tag].map((label) => (label === undefined ? null : [label]));

const AMONG: Statement = {
  name: 'message.labelled_among',
  text: `
    SELECT id FROM message
     WHERE id = ANY ($1::text[]) AND id >= $2 AND id <= $3
       AND ($4::text[] IS NULL OR channels @> $4) AND ($5::text[] IS NULL OR tags @> $5)`,
};

async function labelledAmong(sql: Sql, candidates: readonly Candidate[], labels: Labels): Promise<Set<string>> {
  const ids = [...new Set(candidates.map(({ message_id }) => message_id))].sort();
  if (ids.length === 0) return new Set();
  const rows = await sql.run<{ id: string }>(AMONG, [ids, ids.at(0), ids.at(-1), ...given(labels)]);
  return new Set(rows.map(({ id }) => id));
}

/**
 * A statement for each choice, since with `IS NULL OR` a prepared one could not use the indexes. Planned as if all were read,
 * which is what the index of the labels is good at; read no further than the limit. The bounds come last: a planner that does not
 * know them takes them for narrow, and would read the messages between them.
 */
const all = (by: string, condition: string): Statement => ({
  name: `message.labelled by ${by}`,
  text: `
    WITH labelled AS MATERIALIZED (SELECT id FROM message WHERE organization_id = $1 AND ${condition})
    SELECT id FROM labelled WHERE id > $2 AND id < $3 LIMIT ${RARE + 1}`,
});

const BY_CHANNEL = all('channel', 'channels @> $4 AND $5::text[] IS NULL');
const BY_TAG = all('tag', 'tags @> $5 AND $4::text[] IS NULL');
const BY_BOTH = all('channel and tag', 'channels @> $4 AND tags @> $5');

async function allLabelled(sql: Sql, organizationId: string, { from, to }: IdWindow, labels: Labels): Promise<string[]> {
  const statement = labels.tag === undefined ? BY_CHANNEL : labels.channel === undefined ? BY_TAG : BY_BOTH;
  const rows = await sql.run<{ id: string }>(statement, [organizationId, from, to, ...given(labels)]);
  return rows.map(({ id }) => id);
}
