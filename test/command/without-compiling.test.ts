import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

import { runCommand, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';

test('where Node may compile nothing, rows are read one by one and give the same plan', async () => {
  const rows = path.join(temporaryFolder(), 'rows.jsonl');
  writeFileSync(rows, jsonLines(nativeRows(8000)));
  const [usual, jitless] = await Promise.all(
    [{}, { NODE_OPTIONS: '--jitless' }].map((env) => runCommand([rows, '--dry-run', '--json'], { env })),
  );
  expect(jitless!.code).toBe(0);
  expect(withoutTimes(jitless!.stdout)).toEqual(withoutTimes(usual!.stdout));
});

function withoutTimes(report: string): unknown {
  return { ...JSON.parse(report), seconds: undefined };
}
