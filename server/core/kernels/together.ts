/** Rows that are worked on together, so that their waits for memory overlap: few enough to stay in the cache. */
export const together = 128;
