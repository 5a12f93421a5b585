/** For the scripts that write references: all that the code declares. */
import './modules';

export { AppModule } from './app.module';
export { loadConfig } from './config/env';
export { ROLES } from './platform/access/permission';
export { buildOpenApi } from './platform/http/openapi';
export { partsOf } from './platform/http/openapi-parts';
export { maxSeries } from './platform/metrics/metric';
export { declarationsOf, ownDeclarations } from './platform/modules/declarations-of';
export { addedModules } from './platform/modules/feature-module';
export { VERSION } from './platform/version';
