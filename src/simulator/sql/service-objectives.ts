import { AzureError } from '../azure-error';
import { numberAt, textAt } from '../json';

/** A service objective as Azure SQL offers it. Sizes are in bytes. */
export interface ServiceObjective {
  readonly name: string;
  readonly sku: string;
  readonly tier: string;
  readonly capacity: number;
  readonly family?: string;
  readonly defaultMaxSize: number;
  readonly largestMaxSize: number;
  /** The longest short-term backup retention, in days. */
  readonly longestRetention: number;
}

export const GIB = 1_024 ** 3;

const dtu = (
  name: string,
  tier: string,
  capacity: number,
  defaultGib: number,
  largestGib: number,
): ServiceObjective => ({
  name,
  sku: tier,
  tier,
  capacity,
  defaultMaxSize: defaultGib * GIB,
  largestMaxSize: largestGib * GIB,
  longestRetention: tier === 'Basic' ? 7 : 35,
});

const vcore = (name: string, sku: string, tier: string, capacity: number): ServiceObjective => ({
  name,
  sku,
  tier,
  capacity,
  family: 'Gen5',
  defaultMaxSize: 32 * GIB,
  largestMaxSize: 1_024 * GIB,
  longestRetention: 35,
});

/** The objectives on offer (Azure SQL Database resource limits, DTU and vCore models). */
const objectives: readonly ServiceObjective[] = [
  dtu('Basic', 'Basic', 5, 2, 2),
  dtu('S0', 'Standard', 10, 250, 250),
  dtu('S1', 'Standard', 20, 250, 250),
  dtu('S2', 'Standard', 50, 250, 250),
  dtu('S3', 'Standard', 100, 250, 1_024),
  dtu('P1', 'Premium', 125, 500, 1_024),
  dtu('P2', 'Premium', 250, 500, 1_024),
  vcore('GP_Gen5_2', 'GP_Gen5', 'GeneralPurpose', 2),
  vcore('GP_Gen5_4', 'GP_Gen5', 'GeneralPurpose', 4),
  vcore('BC_Gen5_2', 'BC_Gen5', 'BusinessCritical', 2),
  vcore('BC_Gen5_4', 'BC_Gen5', 'BusinessCritical', 4),
];

/** What `master` runs on. */
const system: ServiceObjective = { ...dtu('System', 'System', 0, 30, 30), sku: 'System', tier: 'System' };

/** The objective of that name; throws for one that the simulator does not have, which no request can cause. */
export function objectiveNamed(name: string): ServiceObjective {
  const found = [...objectives, system].find((objective) => objective.name === name);
  if (found === undefined) {
    throw new Error(`There is no service objective ${name}.`);
  }
  return found;
}

/** The objective that a request's `sku` asks for, or undefined when it has none. Throws 400 `InvalidSkuName` and its like. */
export function readSku(body: unknown): ServiceObjective | undefined {
  const name = textAt(body, 'sku', 'name');
  if (name === undefined) {
    return undefined;
  }
  const byObjective = objectives.find((objective) => objective.name.toLowerCase() === name.toLowerCase());
  const family = objectives.filter((objective) => objective.sku.toLowerCase() === name.toLowerCase());
  const capacity = numberAt(body, 'sku', 'capacity');
  const found =
    byObjective ?? family.find((objective) => capacity === undefined || objective.capacity === capacity);
  if (byObjective === undefined && family.length === 0) {
    throw new AzureError(400, 'InvalidSkuName', `Invalid SKU name '${name}'.`);
  }
  if (found === undefined || (capacity !== undefined && capacity !== found.capacity)) {
    throw new AzureError(
      400,
      'MismatchedSkuNameAndCapacity',
      `Mismatch between SKU name '${name}' and capacity '${capacity}'.`,
    );
  }
  const tier = textAt(body, 'sku', 'tier');
  if (tier !== undefined && tier.toLowerCase() !== found.tier.toLowerCase()) {
    throw new AzureError(
      400,
      'MismatchedSkuNameAndTier',
      `Mismatch between SKU name '${name}' and tier '${tier}'.`,
    );
  }
  return found;
}

/** An objective as the `sku` of a resource. */
export function skuView({ sku, tier, capacity, family }: ServiceObjective): Record<string, unknown> {
  return { name: sku, tier, ...(family === undefined ? {} : { family }), capacity };
}
