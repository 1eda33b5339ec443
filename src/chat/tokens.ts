import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { canonical } from '../incidents/json';
import type { CardAction, Sign } from './action';
import { withoutSecretsIn } from './without-secrets-in';

/** What is known about a token that came back from a card. */
type Redeemable =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'used'; readonly action: CardAction }
  | { readonly kind: 'good'; readonly action: CardAction };

/** One-shot tokens: what stands on a card in place of an action, so that nothing a card sends back is believed. */
export interface Tokens {
  /**
   * Draws a card whose buttons carry tokens for this person, or for anybody where it is null. An action that was
   * drawn before on the same card and never used keeps its token, so that redrawing a card does not kill the one on
   * somebody's screen.
   */
  readonly draw: <Drawn>(
    card: string,
    person: string | null,
    drawing: (sign: Sign) => Drawn,
  ) => Promise<Drawn>;
  readonly look: (token: string, person: string) => Promise<Redeemable>;
  /** Spends a token, after what it stands for was done. */
  readonly use: (token: string, person: string) => Promise<void>;
}

/** Tokens in the store, 128 random bits each. */
export function createTokens(pool: Pool, now: () => Date): Tokens {
  return {
    draw: async (card, person, drawing) => {
      const actions = new Map<string, CardAction>();
      // Drawn twice: a drawing cannot wait for the store, and only drawing tells which actions it has.
      const first = drawing((asked) => {
        const action = withoutSecretsIn(asked);
        const key = keyOf(card, action);
        actions.set(key, action);
        return key;
      });
      if (actions.size === 0) return first;
      const signed = await sign(person ?? '', actions);
      return drawing((action) => {
        const token = signed.get(keyOf(card, withoutSecretsIn(action)));
        if (!token) throw new Error('A card drew other buttons the second time; drawing must be pure.');
        return token;
      });
    },
    look: async (token, person) => {
      const { rows } = await pool.query<{ action: CardAction; person: string; used_at: Date | null }>(
        'select action, person, used_at from action_tokens where token = $1',
        [token],
      );
      const [row] = rows;
      if (!row) return { kind: 'unknown' };
      if (row.person !== '' && row.person !== person) return { kind: 'foreign' };
      return { kind: row.used_at ? 'used' : 'good', action: row.action };
    },
    use: async (token, person) => {
      await pool.query(
        'update action_tokens set used_at = $2, used_by = $3 where token = $1 and used_at is null',
        [token, now(), person],
      );
    },
  };

  async function sign(
    person: string,
    actions: ReadonlyMap<string, CardAction>,
  ): Promise<ReadonlyMap<string, string>> {
    const keys = [...actions.keys()];
    const signed = new Map<string, string>();
    // A token that is used between these two statements makes its action need another one.
    while (keys.some((key) => !signed.has(key))) {
      await pool.query(
        `insert into action_tokens (token, action, action_key, person, created_at)
         select token, action, action_key, $4, $5
           from unnest($1::text[], $2::jsonb[], $3::text[]) as fresh (token, action, action_key)
         on conflict (action_key, person) where used_at is null do nothing`,
        [
          keys.map(() => randomBytes(16).toString('base64url')),
          [...actions.values()].map((action) => JSON.stringify(action)),
          keys,
          person,
          now(),
        ],
      );
      const { rows } = await pool.query<{ token: string; action_key: string }>(
        `select token, action_key from action_tokens
          where person = $1 and action_key = any ($2::text[]) and used_at is null`,
        [person, keys],
      );
      for (const row of rows) signed.set(row.action_key, row.token);
    }
    return signed;
  }
}

const keyOf = (card: string, action: CardAction): string =>
  createHash('sha256').update(canonical({ card, action })).digest('hex');
