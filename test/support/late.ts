/** How long after it was given up a request may take effect in a play, in milliseconds: the latest comes within a second. */
export const ARRIVES_WITHIN_MS = 2_500;
