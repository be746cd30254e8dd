#!/usr/bin/env node
// This file keeps its name and place: npx links to it from its cache, and never looks again.
const { main } = require('../dist/program/respan-import.js');

void main(process);
