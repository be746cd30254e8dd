import { parseArgs } from 'node:util';

import { accuracy } from './accuracy-tables.js';
import { inference } from './inference.js';
import { measureAll, subjects } from './measured.js';
import { writeResults } from '../table.js';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    rules: { type: 'boolean', default: false },
    scaling: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
if (values.write && values.folder !== undefined) {
  throw new Error('--write is for results that anybody can repeat: leave --folder out');
}

const section = values.scaling ? 'scaling' : values.rules ? 'rules' : 'inference';
const results = await measure(section);
console.log(results);
if (values.write) await writeResults(section, results);

/** @param {'inference' | 'rules' | 'scaling'} section */
async function measure(section) {
  if (section === 'scaling') return (await import('./scaling.js')).scalingTable();
  const known = await subjects(values.folder);
  return section === 'rules'
    ? (await import('./rules.js')).rulesTables(known)
    : accuracy(measureAll(known, inference()));
}
