import { z } from 'zod';
import { permissions } from '../access/permission';
import { type DeclarationKind, fileOf, moduleOf } from '../declarations/declarations';
import { definedErrors } from '../errors/define-error';
import { events } from '../events/domain-event';
import { allErrors } from '../http/error-reference';
import { metrics } from '../metrics/metric';
import { observerNames, observersOf } from '../outbox/observer';
import { describedSettings } from '../settings/described-settings';
import { declaredSettings } from '../settings/settings';
import { addedModules, type FeatureModule } from './feature-module';

/** What the references tell of an event. */
function eventsOf(isTheirs: (kind: DeclarationKind, name: string) => boolean) {
  return [...events().values()]
    .filter(({ type }) => isTheirs('event', type))
    .map(({ type, schema, audit }) => ({
      type,
      fields: schema instanceof z.ZodObject ? Object.keys(schema.shape) : [],
      audited: audit !== null,
      observers: observersOf(type).filter((name) => isTheirs('observer', name)),
    }));
}

/** What Posthorn itself declares, which `docs/` describes. */
export function ownDeclarations() {
  const added = new Set(addedModules().map(({ name }) => name));
  const isOwn = (kind: DeclarationKind, name: string) => !added.has(moduleOf(fileOf(kind, name)) ?? '');
  return {
    permissions: [...permissions().values()].filter(({ name }) => isOwn('permission', name)),
    metrics: [...metrics().values()].filter(({ name }) => isOwn('metric', name)),
    events: eventsOf(isOwn),
    settings: settingsOf((key) => isOwn('configuration key', key)),
  };
}

/** What an added module declares, which `reference.md` in its folder describes. */
export function declarationsOf(module: FeatureModule) {
  const isTheirs = (kind: DeclarationKind, name: string) => moduleOf(fileOf(kind, name)) === module.name;
  return {
    module,
    permissions: [...permissions().values()].filter(({ name }) => isTheirs('permission', name)),
    events: eventsOf(isTheirs),
    observers: observerNames()
      .filter((name) => isTheirs('observer', name))
      .map((name) => ({ name, events: [...events().keys()].filter((type) => observersOf(type).includes(name)) })),
    metrics: [...metrics().values()].filter(({ name }) => isTheirs('metric', name)),
    errors: allErrors().filter(([, code]) => definedErrors().has(code) && isTheirs('error code', code)),
    settings: settingsOf((key) => isTheirs('configuration key', key)),
  };
}

function settingsOf(isTheirs: (key: string) => boolean) {
  return declaredSettings()
    .flatMap(({ shape }) => describedSettings(shape))
    .filter(({ key }) => isTheirs(key));
}
