import { setImmediate as othersFirst } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type Changes, given } from '../../../../platform/domain/given';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { newId } from '../../../../platform/ids/id';
import { Clock } from '../../../../platform/time/clock';
import { EVENT_TYPE_DEFAULTS, EventType, type EventTypeSettings } from '../domain/event-type';
import { EVENT_TYPE_ID, EventTypeRepository } from '../domain/event-type.repository';
import { flawOfSchemas } from '../payload-schema';

/** One event type as the imported document describes it; what is left out stays as it is. */
export type EventTypeToImport = {
  readonly name: string;
  readonly settings: Changes<EventTypeSettings>;
  /** Where it stands in the request. */
  readonly loc: readonly (string | number)[];
};

export type ImportOptions = {
  /** Archives all event types that the document does not name. */
  readonly replaceAll: boolean;
  /** Changes nothing, and only says what would be changed. */
  readonly dryRun: boolean;
};

export type ImportedEventTypes = {
  /** Those that are made or changed, as they are then. Those that are like that already are not among them. */
  readonly modified: readonly (EventTypeSettings & { readonly name: string })[];
  /** Names of those that `replaceAll` archives. */
  readonly archived: readonly string[];
};

/** Makes and updates many event types, all of them or none. @throws InvalidField */
export class ImportEventTypes extends Command<ImportedEventTypes> {
  constructor(
    readonly organizationId: string,
    readonly eventTypes: readonly EventTypeToImport[],
    readonly options: ImportOptions = { replaceAll: false, dryRun: false },
  ) {
    super();
  }
}

/** For the schemas of all of them; one alone may take a second. */
const CHECK_MS = 10_000;
const PAGE = 250;

@CommandHandler(ImportEventTypes)
export class ImportEventTypesHandler implements ICommandHandler<ImportEventTypes> {
  constructor(
    private readonly eventTypes: EventTypeRepository,
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, eventTypes, options }: ImportEventTypes): Promise<ImportedEventTypes> {
    refuseTwins(eventTypes);
    const checked = new Set<string>();
    return retryOnConflict(async () => {
      const changed = await this.changed(organizationId, eventTypes);
      await refuseUnusable(changed.filter(({ item }) => !checked.has(item.name)).map(({ item }) => item));
      for (const { item } of changed) checked.add(item.name);
      const archived = await this.uow.run(async () => {
        if (!options.dryRun) await this.eventTypes.saveAll(changed.map(({ eventType }) => eventType));
        return options.replaceAll ? this.archiveOthers(organizationId, new Set(eventTypes.map(({ name }) => name)), options.dryRun) : [];
      });
      return { modified: changed.map(({ eventType }) => settingsOf(eventType)), archived };
    });
  }

  /** Those that the import makes a difference to, changed. */
  private async changed(organizationId: string, items: readonly EventTypeToImport[]) {
    const now = this.clock.now();
    const names = items.map(({ name }) => name);
    const known = new Map((await this.eventTypes.findNamed(organizationId, names)).map((eventType) => [eventType.name, eventType]));
    return items.flatMap((item) => {
      const changes = given(item.settings);
      const existing = known.get(item.name);
      if (!existing) {
        const settings = { ...EVENT_TYPE_DEFAULTS, ...changes };
        return [{ item, eventType: EventType.create(newId(EVENT_TYPE_ID), organizationId, item.name, settings, now) }];
      }
      if (Object.entries(changes).every(([key, value]) => isDeepStrictEqual(existing[key as keyof EventTypeSettings], value))) return [];
      existing.change(changes, now);
      return [{ item, eventType: existing }];
    });
  }

  private async archiveOthers(organizationId: string, kept: ReadonlySet<string>, dryRun: boolean): Promise<string[]> {
    const archived: string[] = [];
    let after = '';
    for (;;) {
      const page = await this.eventTypes.findActive(organizationId, after, PAGE);
      const others = page.filter(({ name }) => !kept.has(name));
      if (!dryRun) {
        for (const eventType of others) eventType.archive(this.clock.now());
        await this.eventTypes.saveAll(others);
      }
      archived.push(...others.map(({ name }) => name));
      const last = page.at(-1);
      if (!last || page.length < PAGE) return archived;
      after = last.name;
    }
  }
}

function refuseTwins(items: readonly EventTypeToImport[]): void {
  const seen = new Set<string>();
  for (const { name, loc } of items) {
    if (seen.has(name)) throw new InvalidField([...loc, 'name'], `${name} is in this import twice`);
    seen.add(name);
  }
}

/** Schemas that no payload could be held to. Between two event types other requests get their turn. */
async function refuseUnusable(items: readonly EventTypeToImport[]): Promise<void> {
  let spent = 0;
  for (const { settings, loc } of items) {
    if (!settings.schemas) continue;
    const begun = performance.now();
    const flaw = spent >= CHECK_MS ? { version: '1', message: TOO_LONG } : flawOfSchemas(settings.schemas, Math.ceil(CHECK_MS - spent));
    spent += performance.now() - begun;
    if (flaw) throw new InvalidField([...loc, 'schemas', flaw.version], flaw.message);
    await othersFirst();
  }
}

const TOO_LONG = `is not checked any more: all schemas together take longer than ${CHECK_MS / 1_000} s`;

function settingsOf({ name, description, schemas, archived, deprecated, validation, groupName, featureFlags }: EventType) {
  return { name, description, schemas, archived, deprecated, validation, groupName, featureFlags };
}
