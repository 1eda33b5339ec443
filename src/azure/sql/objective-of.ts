import type { Sku } from '@azure/arm-sql';

/** Standard and Premium by their DTUs (Azure SQL Database, "Resource limits for single databases, DTU model"). */
const byDtus: { readonly [tier: string]: { readonly [dtus: number]: string } } = {
  basic: { 5: 'Basic' },
  standard: {
    ...{ 10: 'S0', 20: 'S1', 50: 'S2', 100: 'S3', 200: 'S4' },
    ...{ 400: 'S6', 800: 'S7', 1600: 'S9', 3000: 'S12' },
  },
  premium: { 125: 'P1', 250: 'P2', 500: 'P4', 1000: 'P6', 1750: 'P11', 4000: 'P15' },
};

/**
 * The service objective that a `sku` stands for: `Standard` with 10 DTUs is `S0`, `GP_Gen5` with 2 cores is
 * `GP_Gen5_2`. A live database names its own; a deleted one has only this. Null where it cannot be told.
 */
export function objectiveOf(sku: Sku | undefined): string | null {
  if (!sku) return null;
  const { name, capacity } = sku;
  if (/^(Basic|ElasticPool|[SP]\d+)$/i.test(name)) return name;
  if (capacity === undefined) return null;
  if (/^[A-Z]+(_[A-Za-z0-9]+)+$/.test(name)) return `${name}_${capacity}`;
  return byDtus[name.toLowerCase()]?.[capacity] ?? null;
}
