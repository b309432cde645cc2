'use strict';
// Preloaded into a run of the built package: stands in for vm.Script, and tells what it compiled.
const { writeSync } = require('node:fs');
const { sep } = require('node:path');
const vm = require('node:vm');

const DIST = `${sep}dist${sep}`;

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    const { filename, cachedData } = options;
    const verdict = this.cachedDataRejected === true ? 'rejected' : 'used';
    const chunk = filename.slice(filename.lastIndexOf(DIST) + DIST.length);
    writeSync(3, `${JSON.stringify({ chunk, cache: cachedData === undefined ? 'none' : verdict })}\n`);
  }
};
