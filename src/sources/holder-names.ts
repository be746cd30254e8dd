import { remember } from '../span/remember.js';
import { plainName } from './synonyms.js';

/**
 * Where collectors of logs keep the object that a program wrote: Elasticsearch's `_source`, Google's `jsonPayload`,
 * Docker's `log`, the `message` of CloudWatch and of most loggers.
 */
const payloadNames = new Set([
  'source',
  'jsonpayload',
  'payload',
  'data',
  'record',
  'log',
  'message',
  'msg',
  'line',
  'raw',
]);

const spanLists = new Set(['spans', 'tracespans']);

const childLists = new Set([
  'children',
  'childspans',
  'childruns',
  'childcalls',
  'subspans',
  'nestedspans',
  'subsegments',
  'tracechildren',
]);

/** Where documents name the columns of the table that they are: pandas and W&B, Azure's queries, ClickHouse's JSONCompact. */
export const columnLists = ['columns', 'meta'];
const tableNames = new Set(['tables', ...columnLists]);

/** What a column may hold by its name: the row in an envelope, the spans of a trace, the children of a span, a table. */
export type Holder = 'payload' | 'spans' | 'children' | 'table';

/** Undefined for nearly all names. */
export const holderOf = remember((name): Holder | undefined => {
  const plain = plainName(name);
  if (payloadNames.has(plain)) return 'payload';
  if (spanLists.has(plain)) return 'spans';
  if (childLists.has(plain)) return 'children';
  return tableNames.has(name) ? 'table' : undefined;
});
