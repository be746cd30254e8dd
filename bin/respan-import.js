#!/usr/bin/env node
import { main } from '../dist/program/respan-import.js';

await main(process);
