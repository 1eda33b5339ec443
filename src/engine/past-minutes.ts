import type { Pool } from 'pg';
import type { PastMinutes } from './runbook';

/** What our own past runs took: the median minutes from a step's intent to its end, by runbook and stage. */
export async function pastMinutes(pool: Pool): Promise<PastMinutes> {
  const { rows } = await pool.query<{ runbook: string; stage: string; minutes: number }>(`
    select requested.event ->> 'runbook' as runbook,
           ended.event ->> 'stage' as stage,
           percentile_cont(0.5) within group (
             order by extract(epoch from ended.happened_at - begun.happened_at)::float8 / 60
           ) as minutes
      from timeline ended
      join timeline begun
        on begun.run = ended.run
       and begun.type in ('step.intended', 'check.begun')
       and begun.event ->> 'stage' = ended.event ->> 'stage'
       and begun.event ->> 'attempt' = ended.event ->> 'attempt'
       and not exists (
         select from timeline withdrawn
          where withdrawn.run = begun.run and withdrawn.type = 'step.withdrawn'
            and withdrawn.event ->> 'stage' = begun.event ->> 'stage' and withdrawn.seq > begun.seq)
      join timeline requested on requested.run = ended.run and requested.type = 'run.requested'
     where ended.type in ('step.done', 'check.passed')
     group by 1, 2`);
  const known = new Map(rows.map((row) => [`${row.runbook}/${row.stage}`, row.minutes]));
  return (runbook, stage) => known.get(`${runbook}/${stage}`) ?? null;
}
