/** For the scripts that write references: all that the code declares. */
import './modules';
import { SECTIONS } from './config/variables';
import { ownDeclarations } from './platform/modules/declarations-of';
import { describedSettings } from './platform/settings/described-settings';

export { AppModule } from './app.module';
export { loadConfig } from './config/env';
export { ROLES } from './platform/access/permission';
export { buildOpenApi } from './platform/http/openapi';
export { partsOf } from './platform/http/openapi-parts';
export { maxSeries } from './platform/metrics/metric';
export { declarationsOf, ownDeclarations } from './platform/modules/declarations-of';
export { addedModules } from './platform/modules/feature-module';
export { VERSION } from './platform/version';

/** Every variable of Posthorn itself, by heading. */
export function configuration() {
  const sections = SECTIONS.map(({ title, readBy, variables }) => ({ title, variables: describedSettings(variables, readBy) }));
  return [...sections, { title: 'Modules', variables: ownDeclarations().settings }].filter(({ variables }) => variables.length > 0);
}
