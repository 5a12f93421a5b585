// The migrations of the modules are known to whoever has imported them.
import '../../src/modules';

export { migrate } from '../../src/platform/database/migrate';
