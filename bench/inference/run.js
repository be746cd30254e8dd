import { parseArgs } from 'node:util';

import { calibrationTable, filesTable, groupsTable, mistakesList } from './accuracy-tables.js';
import { inference } from './inference.js';
import { measureAll, subjects } from './measured.js';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    rules: { type: 'boolean', default: false },
    scaling: { type: 'boolean', default: false },
  },
});

if (values.scaling) {
  const { scalingTable } = await import('./scaling.js');
  console.log(scalingTable());
} else if (values.rules) {
  const { rulesTables } = await import('./rules.js');
  console.log(rulesTables(await subjects(values.folder)));
} else {
  const measured = measureAll(await subjects(values.folder), inference());
  const real = measured.filter(({ group }) => group !== 'generated');
  const parts = [
    groupsTable(measured),
    filesTable(measured),
    'Calibration, real traces:',
    calibrationTable(real),
    'Calibration, generated traces:',
    calibrationTable(measured.filter(({ group }) => group === 'generated')),
    'Confident mistakes:',
    mistakesList(measured),
  ];
  console.log(parts.join('\n\n'));
}
