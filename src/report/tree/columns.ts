/** Widths in columns of the terminal; 0 for what is not shown. */
export interface TreeColumns {
  name: number;
  kind: number;
  model: number;
  tokens: number;
  duration: number;
  bar: number;
}

export const columnGap = 2;

const longestKind = 13;
const longestModel = 24;
/** Another column is left out before names are cut to less. */
const readableName = 24;
const readableBar = 12;
/** Of the width, for bars, where names would take more. */
const shareOfBars = 0.2;

/** What is left out first where the width does not hold everything. */
const leftOut = ['tokens', 'model', 'bar', 'kind', 'duration'] as const;

/**
 * Shares a width among the columns.
 *
 * @param natural what each column would take; `bar` is 0 where there are no times
 */
export function fitColumns(natural: TreeColumns, width: number): TreeColumns {
  const columns: TreeColumns = {
    ...natural,
    kind: Math.min(natural.kind, longestKind),
    model: Math.min(natural.model, longestModel),
    bar: natural.bar === 0 ? 0 : readableBar,
    name: Math.min(natural.name, readableName),
  };
  for (const column of leftOut) {
    if (columns.name + besideName(columns) <= width) break;
    columns[column] = 0;
  }
  const free = width - besideName(columns);
  if (columns.bar === 0) return { ...columns, name: Math.max(1, Math.min(natural.name, free)) };
  const wanted = Math.max(readableBar, Math.floor(width * shareOfBars));
  const name = Math.min(natural.name, Math.max(columns.name, free + columns.bar - wanted));
  return { ...columns, name, bar: free + columns.bar - name };
}

/** What the name of a row without kind, model and tokens takes of their columns. */
export function besideFolded({ kind, model, tokens }: TreeColumns): number {
  return spaceOf([kind, model, tokens]);
}

function besideName({ kind, model, tokens, duration, bar }: TreeColumns): number {
  return spaceOf([kind, model, tokens, duration, bar]);
}

function spaceOf(columns: readonly number[]): number {
  return columns.reduce((sum, column) => sum + (column === 0 ? 0 : column + columnGap), 0);
}
