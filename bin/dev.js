#!/usr/bin/env node
'use strict';
// Runs the sources, without a build.
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const pjson = require('../package.json');

const root = join(__dirname, '..');
const commands = { strategy: 'pattern', target: './commands', globPatterns: ['**/*.ts'] };
const home = { root, pjson: { ...pjson, oclif: { ...pjson.oclif, commands } } };

async function dev() {
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import(pathToFileURL(join(root, 'src/start/main.ts')).href);
  await main(process.argv.slice(2), home);
}

void dev();
