import { Process, Processor } from '@nestjs/bull';
import { Inject, Logger } from '@nestjs/common';
import type { Job } from 'bull';
import { z } from 'zod';
import { callerOf, noteDeclaration, noteProblem } from '../declarations/declarations';
import { events as declaredEvents, type EventDefinition } from '../events/domain-event';
import { ObserverJobs, type ObservedEvent } from './observer-jobs';

type ObserverDeclaration = { readonly name: string; readonly events: readonly EventDefinition[]; readonly target: object };

const declarations = new Map<string, ObserverDeclaration>();

/** Names of the observers of an event type. */
export function observersOf(type: string): string[] {
  return [...declarations.values()].filter(({ events }) => events.some((event) => event.type === type)).map(({ name }) => name);
}

/** Names of all observers; each is also the name of its Bull queue. */
export function observerNames(): string[] {
  return [...declarations.keys()];
}

/** The class of an observer. */
export function observerClass(name: string): object | undefined {
  return declarations.get(name)?.target;
}

/**
 * Subscribes a class to events. The class extends `EventObserver`, is a provider of its module, and needs nothing else:
 * its queue is made from this declaration.
 * @param name `<module>.<what it does>`, unique; stored with pending work, so a rename needs a migration
 */
export function Observer(name: string, ...events: EventDefinition[]): ClassDecorator {
  noteDeclaration('observer', name, Observer);
  const file = callerOf(Observer);
  // Files that import each other in a circle see nothing of each other yet.
  const known = events.filter((event?: EventDefinition) => event !== undefined && declaredEvents().get(event.type) === event);
  if (known.length < events.length || events.length === 0)
    noteProblem(
      `${file}: the observer ${name} observes an event that nobody declared. Take one that is made by defineEvent, from a *.events.ts.`,
    );
  return (target) => {
    const other = [...declarations.values()].find((each) => each.target === target);
    if (other)
      noteProblem(
        `${file}: the observer ${target.name} has two names, ${other.name} and ${name}. One @Observer takes any number of events.`,
      );
    if (!declarations.has(name)) declarations.set(name, { name, events: known, target });
    Processor(name)(target);
  };
}

/** A Bull job carries ids only: Redis is readable, and what it holds may be lost, doubled or late without consequence. */
export const ObserverBell = z.object({ eventId: z.string() });

/** Base of all observers: at least once, in no order, repeated with growing delays until `observe` succeeds. */
export abstract class EventObserver<Payload = unknown> {
  @Inject() private readonly jobs!: ObserverJobs;
  private readonly logger = new Logger(this.constructor.name);

  /** Must tolerate a repeat of the same event. A throw means: try again later. */
  protected abstract observe(event: ObservedEvent<Payload>): Promise<void>;

  @Process({ concurrency: 5 })
  async run(job: Job<unknown>): Promise<void> {
    const { eventId } = ObserverBell.parse(job.data);
    const observer = job.queue.name;
    const claimed = await this.jobs.claim(eventId, observer);
    if (!claimed) return; // The bell rang twice: the work is done, or another worker is at it.
    const definition = declarations.get(observer)?.events.find(({ type }) => type === claimed.event.type);
    try {
      if (!definition) throw new Error(`${observer} does not observe ${claimed.event.type}.`);
      await this.observe({ ...claimed.event, payload: definition.schema.parse(claimed.event.payload) as Payload });
      await this.jobs.finish(claimed);
    } catch (error) {
      const outcome = await this.jobs.fail(claimed, error);
      const context = { eventId, observer, attempt: claimed.attempt, err: error };
      if (outcome === 'gave_up') this.logger.error(context, 'observer gave up');
      else this.logger.warn(context, 'observer failed and will be repeated');
    }
  }
}
