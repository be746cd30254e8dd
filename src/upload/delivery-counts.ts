/**
 * Where the planned spans ended up. Each count is kept where its fact becomes known, never as the rest of another, so
 * that a bug shows as an equation that does not balance.
 */
export interface DeliveryCounts {
  ingested: number;
  unconfirmed: number;
  alreadyImported: number;
  refused: number;
  failed: number;
  heldBack: number;
  changed: number;
  possiblyRepeated: number;
}

export const noDelivery = (): DeliveryCounts => ({
  ingested: 0,
  unconfirmed: 0,
  alreadyImported: 0,
  refused: 0,
  failed: 0,
  heldBack: 0,
  changed: 0,
  possiblyRepeated: 0,
});
