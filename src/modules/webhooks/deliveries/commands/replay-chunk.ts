import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { TypeOrmUnitOfWork } from '../../../../platform/database/unit-of-work';
import { AFTER_ALL_IDS, BEFORE_ALL_IDS } from '../../../../platform/ids/id';
import { idsBetween } from '../queries/ids-between';
import { countStatement, type ReplayKind, replayStatement, ROOM } from './replay-statements';

/** Ids, names and times: it is stored in the clear. Times are ISO. */
export type ReplayInput = {
  readonly applicationId: string;
  readonly endpointId: string;
  readonly since: string;
  readonly until: string;
  readonly eventTypes?: readonly string[] | null | undefined;
  readonly channel?: string | null | undefined;
  readonly tag?: string | null | undefined;
  readonly status?: number | null | undefined;
  readonly statusCodeClass?: number | null | undefined;
};

export type ReplayCursor = { readonly afterId: string; readonly seen: number; readonly total: number; readonly replayed: number };

export type ReplayedChunk = {
  readonly cursor: ReplayCursor;
  readonly state: 'goes on' | 'waits' | 'done' | 'endpoint_disabled' | 'endpoint_deleted';
};

/** One step of a replay: looks at the next messages and makes deliveries of them due. Joins the transaction of the task. */
export class ReplayChunk extends Command<ReplayedChunk> {
  constructor(
    readonly kind: ReplayKind,
    readonly organizationId: string,
    readonly input: ReplayInput,
    readonly cursor: ReplayCursor | null,
  ) {
    super();
  }
}

const CHUNK = 500;
/** A replay keeps this much due for its endpoint and no more: it goes as fast as the receiver takes it, and others keep their turn. */
const MAX_DUE = 1_000;
const LOOKS_FOR_MISSING: readonly ReplayKind[] = ['endpoint.replay', 'endpoint.catch-up'];
/** Further the total is not counted: a scan of millions is too long for one step. */
const MAX_COUNT = 1_000_000;

type Room = { disabled: boolean; deleted: boolean; unplanned: boolean; due: number };
type Chunk = { seen: number; last: string | null; replayed: number };

@CommandHandler(ReplayChunk)
export class ReplayChunkHandler implements ICommandHandler<ReplayChunk> {
  constructor(private readonly uow: TypeOrmUnitOfWork) {}

  async execute({ kind, organizationId, input, cursor }: ReplayChunk): Promise<ReplayedChunk> {
    const before = cursor ?? (await this.beginning(kind, organizationId, input));
    const { applicationId, endpointId, since, until } = input;
    const [room] = await this.query<Room>(ROOM.text, [endpointId, organizationId, MAX_DUE, until]);
    if (!room || room.deleted) return { cursor: before, state: 'endpoint_deleted' };
    if (room.disabled) return { cursor: before, state: 'endpoint_disabled' };
    // A planning that began while the endpoint was disabled leaves it out, and has to end before one can see what is missing.
    if (room.unplanned && LOOKS_FOR_MISSING.includes(kind)) return { cursor: before, state: 'waits' };
    const limit = Math.min(CHUNK, MAX_DUE - room.due);
    if (limit <= 0) return { cursor: before, state: 'waits' };

    const { end } = boundsOf(input);
    const filter = [input.eventTypes, input.channel, input.tag, input.status, input.statusCodeClass].map((value) => value ?? null);
    const values = [organizationId, applicationId, endpointId, before.afterId, end, limit, since, until];
    const [chunk] = await this.query<Chunk>(replayStatement(kind), kind === 'endpoint.bulk-replay' ? [...values, ...filter] : values);
    if (!chunk) throw new Error('An aggregate without a row.');
    const after = {
      afterId: chunk.last ?? before.afterId,
      seen: before.seen + chunk.seen,
      total: before.total,
      replayed: before.replayed + chunk.replayed,
    };
    return { cursor: after, state: chunk.seen < limit ? 'done' : 'goes on' };
  }

  private async beginning(kind: ReplayKind, organizationId: string, input: ReplayInput): Promise<ReplayCursor> {
    const { start, end } = boundsOf(input);
    const values = [organizationId, input.applicationId, input.endpointId, start, end, MAX_COUNT];
    const [{ total } = { total: 0 }] = await this.query<{ total: number }>(countStatement(kind), values);
    return { afterId: start, seen: 0, total, replayed: 0 };
  }

  private query<Row>(text: string, values: unknown[]): Promise<Row[]> {
    return this.uow.manager.query<Row[]>(text, values);
  }
}

function boundsOf({ since, until }: ReplayInput): { start: string; end: string } {
  const [start, end] = idsBetween('msg', new Date(since), new Date(until));
  return { start: start ?? BEFORE_ALL_IDS, end: end ?? AFTER_ALL_IDS };
}
