import { asText, isAbsent } from '../span/text.js';
import { valueAt, type Comparison } from './mapping.js';

/** Whether a row meets a comparison. Numbers compare as numbers where both sides are, else both as texts. */
export function holds({ path, operator, value: wanted }: Comparison, row: unknown): boolean {
  const found = valueAt(row, path);
  if (operator === 'exists') return !isAbsent(found);
  if (operator === 'missing') return isAbsent(found);
  if (wanted === null || isAbsent(found)) {
    const bothAbsent = wanted === null && isAbsent(found);
    return operator === '!=' ? !bothAbsent : operator === '==' && bothAbsent;
  }
  const difference = compare(found, wanted);
  switch (operator) {
    case '==':
      return difference === 0;
    case '!=':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

function compare(found: unknown, wanted: string | number | boolean): number {
  const left = asText(found);
  const right = String(wanted);
  if (left === right) return 0;
  const numbers = left.trim() !== '' && right.trim() !== '' ? Number(left) - Number(right) : Number.NaN;
  if (!Number.isNaN(numbers)) return numbers;
  return left < right ? -1 : 1;
}
