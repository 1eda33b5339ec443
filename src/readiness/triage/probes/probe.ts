import type { Azure } from '../../../azure/azure';
import type { ProtectedApp } from '../../../engine/estate';

/** What every probe gets: the app, Azure, and the clock. */
export interface Probing {
  readonly app: ProtectedApp;
  readonly azure: Azure;
  readonly now: () => Date;
  /** The subscription's tenant as soon as Azure has named it; null when it does not within moments. */
  readonly tenant: Promise<string | null>;
  /** How long one of several things that a probe looks at may take, so that the others still count, in milliseconds. */
  readonly partMs: number;
}
