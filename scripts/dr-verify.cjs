#!/usr/bin/env node
'use strict';
// `npx dr-verify FILE` in this repository.
process.argv.splice(2, 0, 'verify');
require('./launch.cjs');
