/*
 * Where everything lies, in bytes from the beginning of the memory. Whoever calls reads and writes there: calls hand over
 * a few numbers and nothing else.
 */

/** What a row comes to (see `digest.ts`): start and end, facts, the hashes of three ids, the checksum. */
export const timesStart: usize = 0x100;
export const factsStart: usize = 0x110;
export const idsStart: usize = 0x114;
export const checksumStart: usize = 0x12c;

/** A record for each field; see `fields.ts`. */
export const fieldsStart: usize = 0x400;
/** Numbers of fields, by a hash of the name. */
export const fieldSlotsStart: usize = 0x2000;

/** Entries of the values of fields with a place, by place; 0 where the row has none. */
export const placesStart: usize = 0x2800;
export const mostPlaces: u32 = 32;

/** Pairs of an entry and a field: values that are not of a kind that the field takes unseen. */
export const checksStart: usize = 0x3000;
export const mostChecks: u32 = 1024;

/** Sixteen tables of 1 KB; see `checksum.ts`. */
export const checksumTablesStart: usize = 0x8000;

/** Where the caller puts the bytes of rows. */
export const inputStart: usize = 0x10000;
export const inputLength: usize = 0x100000;
/** A text is read sixteen bytes at a time, a name thirty-two. */
const padding: usize = 32;

/** Entries of a row, four unsigned 32-bit integers each; see `tape.ts`. */
export const tapeStart: usize = inputStart + inputLength + padding;
export const tapeLength: u32 = 0x10000;
