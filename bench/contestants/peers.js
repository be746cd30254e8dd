/**
 * @typedef {object} Peer
 * @property {import('./contestant.js').Contestant} contestant
 * @property {number} [atLeast] How many times as fast an import has to be; none where it is only shown.
 * @property {1 | 2} [workers] Plan workers of that import.
 */

/** @type {Peer[]} */
export const peers = [];
