import { type IQuery, type QueryBus } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { OPERATIONAL, ResolveApplication } from '../../applications';
import { FindUnavailableEventTypes } from '../../event-types';

/** The hidden application. */
export const OPERATIONAL_APP = 'app_:org_1';

/** Answers for the neighbours of the endpoints: these applications by uid, and these event types. */
export function answeringQueryBus(applications: Readonly<Record<string, string>>, eventTypes: readonly string[]): QueryBus {
  const answer = async (query: IQuery): Promise<unknown> => {
    if (query instanceof FindUnavailableEventTypes) return query.names.filter((name) => !eventTypes.includes(name));
    if (!(query instanceof ResolveApplication)) throw new Error(`Nobody answers ${query.constructor.name}.`);
    const id = query.idOrUid === OPERATIONAL ? OPERATIONAL_APP : applications[query.idOrUid];
    if (id === undefined) throw new EntityNotFound();
    return { id };
  };
  return { execute: answer } as unknown as QueryBus;
}
