#!/usr/bin/env node
'use strict';
// CommonJS on purpose (see package.json beside this file): the ES module loader costs 4 ms of the 50 a bare Node takes.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const dist = join(__dirname, '..', 'dist');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`keyturn needs Node 20.19 or newer; this is ${process.version}.`);
  process.exitCode = 1;
} else if (existsSync(join(dist, 'start.cjs'))) {
  require('../dist/start.cjs').start(process.argv.slice(2), dist);
} else {
  console.error('keyturn is not built: run `npm run build`, or use bin/dev.js.');
  process.exitCode = 1;
}
