/** Names in a span's metadata for what only Adaline knows. The first two are sent back to their places there. */
export const metadataNames = {
  prompt: 'adaline.promptId',
  deployment: 'adaline.deploymentId',
  /** Set in Adaline after the import. */
  status: 'adaline.status',
  tags: 'adaline.tags',
  /** What Adaline computed for a call that told no cost. */
  cost: 'adaline.cost',
  /** The span was too large and its longest texts were cut. */
  truncated: 'adaline.truncated',
} as const;
