// Runs the TypeScript program argv[2] in a process of its own, compiled file by file exactly as the tests are.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join, resolve } = require('node:path');
const { transformSync } = require('@swc/core');

const root = resolve(__dirname, '../..');
const [, options] = require('../../package.json').jest.transform['^.+\\.ts$'];
require.extensions['.ts'] = (module, filename) =>
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename, swcrc: false }).code, filename);
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) =>
  resolveFilename(request.replace(/^@ledger\//, join(root, 'libs/')), ...rest);

require(resolve(process.argv[2]));
