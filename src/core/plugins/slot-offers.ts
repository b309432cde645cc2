import type { SlotOffers, StoreCapabilities } from './store.ts';

/** What a slot offers: what was found there, and where nothing was said, what its store does at best. */
export function slotOffers(best: StoreCapabilities, found: Partial<SlotOffers>): SlotOffers {
  const { readable = best.readable, cas = best.cas, evidence = best.evidence } = found;
  return { readable, cas, evidence };
}
