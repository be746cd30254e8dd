import type { Summary } from './summary.js';

/** Unseen and text-reordering characters that JSON leaves as they are; the ones below U+0020 it escapes itself. */
const unseen = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON of the same value that is also safe to look at in a terminal. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(unseen, (character) => {
    const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
    return `\\u${units.join('\\u')}`;
  });
}

/** The one document of `--json`; `schema/report.schema.json` describes it. */
export function renderJson(summary: Summary): string {
  return `${safeJson(summary, 2)}\n`;
}
