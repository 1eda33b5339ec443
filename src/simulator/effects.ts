import type { EffectsOf } from './arm/operations';
import { deploymentEffects } from './deployments/effects';
import { sqlEffects } from './sql/effects';
import type { Effect } from './state';
import { storageEffects } from './storage/effects';

/** What every long-running operation does when it ends, whichever service it belongs to. */
export const effects: EffectsOf<Effect> = { ...sqlEffects, ...storageEffects, ...deploymentEffects };
