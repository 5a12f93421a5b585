import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { SpanKind } from '@opentelemetry/api';
import { callContext } from '../../../../platform/context/call-context';
import { ConcurrentChange, DomainError, EntityNotFound, InvalidField } from '../../../../platform/errors/domain-error';
import { type FieldProblem, ValidationFailed } from '../../../../platform/http/validation';
import { newId } from '../../../../platform/ids/id';
import { isIdOf } from '../../../../platform/ids/reference';
import { Clock } from '../../../../platform/time/clock';
import { storedTrace } from '../../../../platform/tracing/trace-context';
import { startSpan, withinSpan } from '../../../../platform/tracing/tracer';
import { applicationKey, type ApplicationRef, CreateApplication, OPERATIONAL } from '../../applications';
import { CheckPayload, type PayloadCheck } from '../../event-types';
import type { Event } from '../domain/event';
import { DuplicateEventId, MayNotCreateApplication } from '../domain/message.errors';
import type { Appended, NewMessage } from '../domain/new-message';
import { MessageMetrics } from '../message-metrics';

export type AcceptedMessage = {
  readonly id: string;
  readonly acceptedAt: Date;
  /** Where the payload breaks the schema of its event type, which does not mind. */
  readonly warnings: readonly FieldProblem[];
};
/** An event, or what was found wrong with one before. */
export type HandedIn = Event | DomainError;
/** What became of one event. */
export type Taken = AcceptedMessage | DomainError;

type Write = (messages: readonly NewMessage[]) => Promise<readonly Appended[]>;
type Draft = { readonly at: number; readonly message: NewMessage; readonly warnings: readonly FieldProblem[] };

/** A month: longer than anybody plans, shorter than messages are kept. */
const MAX_DELAY_DAYS = 30;
const DAY_MS = 86_400_000;
/** More often than this, nobody changes an event type, or deletes an application, while a message comes in. */
const MAX_ROUNDS = 5;

/** What single messages and batches have in common on their way in. */
@Injectable()
export class MessageIntake {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
    private readonly metrics: MessageMetrics,
  ) {}

  /** @returns what became of each event, in order @throws EntityNotFound when there is no such application */
  async take(organizationId: string, named: ApplicationRef, handedIn: readonly HandedIn[], write: Write): Promise<Taken[]> {
    const span = startSpan('message.accept', () => ({
      kind: SpanKind.PRODUCER,
      parent: callContext().trace,
      attributes: {
        'messaging.system': 'posthorn',
        'messaging.operation.name': 'accept',
        'messaging.operation.type': 'send',
        'messaging.batch.message_count': handedIn.length,
        'posthorn.organization.id': organizationId,
      },
    }));
    return withinSpan(span, async () => {
      const results = await this.takeAll(organizationId, named, handedIn, write);
      const [first] = results;
      if (results.length === 1 && first && 'id' in first) span?.setAttribute('messaging.message.id', first.id);
      return results;
    });
  }

  private async takeAll(organizationId: string, named: ApplicationRef, handedIn: readonly HandedIn[], write: Write): Promise<Taken[]> {
    const application = applicationKey(organizationId, named);
    // Nobody is called so, and one NUL would fail the statement that neighbours share.
    if (application === null) throw new EntityNotFound();
    // Types of our own may be called as types of the organization, and are not held to their schemas.
    const ours = named === OPERATIONAL;
    const { trace } = callContext();
    const origin = trace && storedTrace(trace);
    const taken: (Taken | undefined)[] = handedIn.map((event) => (event instanceof DomainError ? event : this.flawOf(application, event)));
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const open = handedIn.flatMap((event, at) => (taken[at] || event instanceof DomainError ? [] : [{ event, at }]));
      const drafts = await Promise.all(
        open.map(async ({ event, at }) => {
          const checked = await this.queries.execute(new CheckPayload(organizationId, event.eventType, event.payload, round > 0));
          const problems = fieldProblems(checked);
          if (checked.refuses && problems.length > 0 && !ours) taken[at] = new ValidationFailed(problems);
          return { at, message: draft(organizationId, application, event, checked.version, origin), warnings: problems };
        }),
      );
      const good = drafts.filter(({ at }) => !taken[at]);
      if (good.length === 0) break;
      const appended = await write(good.map(({ message }) => message));
      appended.forEach((result, i) => {
        const each = good[i];
        if (each) taken[each.at] = verdict(each, result);
      });
      if (appended.some((result) => 'refused' in result && result.refused === 'unknown_application'))
        await this.make(organizationId, application, open[0]?.event.application);
    }
    const results = taken.map((each) => each ?? new ConcurrentChange());
    this.metrics.taken(results);
    return results;
  }

  private flawOf(application: string, { deliverAt, application: inline }: Event): DomainError | undefined {
    if (inline && !isIdOf('app', application) && inline.settings.uid !== application)
      return new InvalidField(['body', 'application', 'uid'], 'must be the uid in the path');
    if (!deliverAt) return undefined;
    const ahead = deliverAt.getTime() - this.clock.now().getTime();
    if (ahead <= 0) return new InvalidField(['body', 'deliverAt'], 'must be in the future');
    if (ahead > MAX_DELAY_DAYS * DAY_MS)
      return new InvalidField(['body', 'deliverAt'], `must be at most ${MAX_DELAY_DAYS} days in the future`);
    return undefined;
  }

  /** The application that is missing, as the first of its events describes it. */
  private async make(organizationId: string, application: string, inline: Event['application']): Promise<void> {
    if (!inline || isIdOf('app', application)) throw new EntityNotFound();
    if (!inline.permitted) throw new MayNotCreateApplication();
    await this.commands.execute(new CreateApplication(organizationId, { ...inline.settings, uid: application }, true));
  }
}

/** Undefined for those that go another round: they are to be checked again, or their application is to be made. */
function verdict({ message, warnings }: Draft, appended: Appended): Taken | undefined {
  if ('acceptedAt' in appended) return { id: message.id, acceptedAt: appended.acceptedAt, warnings };
  return appended.refused === 'duplicate_event_id' ? new DuplicateEventId(message.eventId ?? '') : undefined;
}

function draft(organizationId: string, application: string, event: Event, checkedVersion: number | null, trace: string | null): NewMessage {
  const { eventType, payload, eventId, channels, tags, contentType, deliverAt, retentionHours, endpointId } = event;
  return {
    id: newId('msg'),
    organizationId,
    application,
    eventType,
    payload,
    eventId: eventId ?? null,
    channels: channels ?? null,
    tags: tags ?? null,
    contentType: contentType ?? null,
    deliverAt: deliverAt ?? null,
    retentionHours: retentionHours ?? null,
    endpointId: endpointId ?? null,
    checkedVersion,
    trace,
  };
}

function fieldProblems({ problems }: PayloadCheck): FieldProblem[] {
  return problems.map(({ pointer, message }) => ({
    loc: [
      'body',
      'payload',
      ...pointer
        .split('/')
        .slice(1)
        .map((part) => part.slice(0, 100).replaceAll('~1', '/').replaceAll('~0', '~')),
    ],
    msg: message,
    type: 'schema_error',
    pointer,
  }));
}
