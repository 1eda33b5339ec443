/** What one role must bring to a gate. */
export interface RoleQuorum {
  readonly role: string;
  readonly count: number;
}

/** Who must answer a gate, by when, and what happens when nobody does. Comes from the estate, never from a card. */
export interface GatePolicy {
  readonly needs: readonly RoleQuorum[];
  /** Minutes until the gate expires. */
  readonly expiresAfterMinutes: number;
  /** The answer that counts when the gate expires; `stop` ends the run with nothing more changed. */
  readonly onExpiry: 'stop' | 'go-on';
  /** So many minutes after a gate was opened, holders of this role may take any of its seats as well. */
  readonly escalation?: { readonly afterMinutes: number; readonly role: string } | undefined;
  /** The role whose holders may go ahead alone, with a reason and a review afterwards. */
  readonly breakGlass?: string | undefined;
}

/** A resource that no run may change without the approval of this policy, whatever its runbook says. */
export interface Guard {
  /** Its name, or its id in Azure Resource Manager. */
  readonly resource: string;
  readonly policy: string;
}
