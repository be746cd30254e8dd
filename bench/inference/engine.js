/**
 * The modules under measurement, as they were built. Loaded by a name that is no literal, so that types come from the
 * sources and types can be checked before anything is built.
 *
 * @param {string} module Path below `dist`.
 */
const built = (module) => import(new URL(`../../dist/${module}`, import.meta.url).href);

/** @type {typeof import('../../src/trace/trace-index.js')} */
export const { TraceIndex, noSpan } = await built('trace/trace-index.js');

/** @type {typeof import('../../src/trace/infer/infer-parents.js')} */
export const { inferParents } = await built('trace/infer/infer-parents.js');

/** @type {typeof import('../../src/trace/infer/rules.js')} */
export const { allRules } = await built('trace/infer/rules.js');

/** @type {typeof import('../../src/span/label.js')} */
export const { labelOf } = await built('span/label.js');

/** @type {typeof import('../../src/span/log-type.js')} */
export const { logTypeFromKind, logTypeOfChild } = await built('span/log-type.js');

/** @type {typeof import('../../src/plan/plan.js')} */
export const { makePlan } = await built('plan/plan.js');

/** @type {typeof import('../../src/cli/program.js')} */
export const { createProgram } = await built('cli/program.js');

/** @type {typeof import('../../src/cli/import-options.js')} */
export const { planOptions } = await built('cli/import-options.js');

/** @type {typeof import('../../src/report/terminal.js')} */
export const { sanitise } = await built('report/terminal.js');
