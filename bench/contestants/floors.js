/** @typedef {import('./contestant.js').Contestant} Contestant */

/** @type {Contestant} */
export const readFloor = {
  name: 'floor 1: read, split, parse',
  delivers: false,
  script: new URL('../floors/parse.js', import.meta.url),
  arguments: ({ input }) => [input.path],
};

/** @type {Contestant} */
export const packedFloor = {
  name: 'floor 1 behind gunzip',
  delivers: false,
  script: new URL('../floors/parse-packed.js', import.meta.url),
  arguments: ({ input }) => [input.path],
};

/** @type {Contestant} */
export const postFloor = {
  name: 'floor 2: floor 1 + POST',
  delivers: true,
  script: new URL('../floors/parse-post.js', import.meta.url),
  arguments: ({ input, url }) => [input.path, url],
};

/**
 * @param {'native' | 'flat'} shape
 * @returns {Contestant}
 */
export function straightforwardScript(shape) {
  return {
    name: 'straightforward script',
    delivers: true,
    script: new URL('../floors/script.js', import.meta.url),
    arguments: ({ input, url }) => [input.path, url, shape],
  };
}

/** @type {Contestant} */
export const csvParse = {
  name: 'csv-parse alone',
  delivers: false,
  script: new URL('../floors/csv-parse.js', import.meta.url),
  arguments: ({ input }) => [input.path],
};

/**
 * @param {'array' | 'wrapper'} shape
 * @returns {Contestant}
 */
export function streamArray(shape) {
  return {
    name: 'StreamArray, tuned',
    delivers: false,
    script: new URL('../floors/stream-array.js', import.meta.url),
    arguments: ({ input }) => [input.path, shape],
    packages: ['stream-json@3'],
  };
}
