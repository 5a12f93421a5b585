'use strict';
// Jest cannot require() an ES module on Node < 24.9. Nest 12 and some of its dependencies are ES modules only, so this transformer turns
// them, and only them, into CommonJS. It cannot import() one either, which one CommonJS package does. Every other file of node_modules
// is handed back untouched. Jest caches the result on disk.
const { createHash } = require('node:crypto');
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const swc = require('@swc/core');

const version = createHash('sha1').update(readFileSync(__filename)).update(swc.version).digest('hex');
const answers = new Map();

function isModuleFolder(folder) {
  if (!answers.has(folder)) answers.set(folder, readType(folder));
  return answers.get(folder);
}

function readType(folder) {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
  return dirname(folder) !== folder && isModuleFolder(dirname(folder));
}

/** CommonJS that loads an ES module. */
const IMPORTS = /node_modules\/@fastify\/cookie\/index\.js$/;

const isModule = (file) => file.endsWith('.mjs') || (file.endsWith('.js') && isModuleFolder(dirname(file)));

module.exports = {
  canInstrument: false,
  getCacheKey: (source, file) => createHash('sha1').update(version).update(file).update(source).digest('hex'),
  process(source, file) {
    if (IMPORTS.test(file)) return { code: source.replace(/\bimport\(('[^']+')\)/g, 'Promise.resolve(require($1))') };
    if (!isModule(file)) return { code: source };
    return swc.transformSync(source, {
      filename: file,
      swcrc: false,
      configFile: false,
      sourceMaps: false,
      jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } },
      module: { type: 'commonjs' },
    });
  },
};
