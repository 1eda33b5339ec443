/** The roles of the estate that may start, stop and steer runs. */
export const DECIDES: readonly string[] = ['responder', 'approver'];
