#!/usr/bin/env node
const { main } = require('../dist/program/respan-import.js');

void main(process);
