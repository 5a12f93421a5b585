// Lets Node read the sources of tests and benchmarks: the build leaves them out.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const swcrc = JSON.parse(readFileSync(join(__dirname, '../../.swcrc'), 'utf8'));
const options = { ...swcrc, $schema: undefined, exclude: undefined, swcrc: false, sourceMaps: 'inline' };

require.extensions['.ts'] = (module, filename) => {
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};
