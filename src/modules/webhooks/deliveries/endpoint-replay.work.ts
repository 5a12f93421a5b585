import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type StepResult, type Task, TaskSteps, TaskWork } from '../../tasks';
import { ReplayChunk, type ReplayCursor, type ReplayInput } from './commands/replay-chunk';
import type { ReplayKind } from './commands/replay-statements';

/** While the endpoint has enough to do already. */
const PAUSE_MS = 1_000;

/** Unlimited in count and at home in any worker: the cursor of each step is committed together with the deliveries that it made due. */
@Injectable()
abstract class EndpointReplay extends TaskWork<ReplayInput, ReplayCursor> {
  protected abstract readonly kind: ReplayKind;

  constructor(private readonly commands: CommandBus) {
    super();
  }

  override async step({ organizationId, input, cursor: last }: Task<ReplayInput, ReplayCursor>): Promise<StepResult<ReplayCursor>> {
    if (organizationId === null) throw new Error('A replay without an organization.');
    const { cursor, state } = await this.commands.execute(new ReplayChunk(this.kind, organizationId, input, last));
    const progress = { done: cursor.seen, total: Math.max(cursor.seen, cursor.total) };
    const step = { cursor, progress };
    switch (state) {
      case 'goes on':
        return { ...step, done: false };
      case 'waits':
        return { ...step, done: false, againInMs: PAUSE_MS };
      case 'done':
        return { ...step, done: true, result: { replayed: cursor.replayed } };
      case 'endpoint_disabled':
      case 'endpoint_deleted':
        return { ...step, done: true, result: { replayed: cursor.replayed, stopped: state } };
    }
  }
}

@TaskSteps('endpoint.recover')
export class EndpointRecovery extends EndpointReplay {
  protected override readonly kind = 'endpoint.recover';
}

@TaskSteps('endpoint.replay')
export class MissingReplay extends EndpointReplay {
  protected override readonly kind = 'endpoint.replay';
}

@TaskSteps('endpoint.catch-up')
export class EndpointCatchUp extends EndpointReplay {
  protected override readonly kind = 'endpoint.catch-up';
}

@TaskSteps('endpoint.bulk-replay')
export class BulkReplay extends EndpointReplay {
  protected override readonly kind = 'endpoint.bulk-replay';
}
