import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Person } from '../engine/approval';
import { type AwaitedValue, awaitedValues } from '../engine/awaited-value';
import type { Engine } from '../engine/engine';
import { inTransaction } from '../store/in-transaction';
import { isLoopbackAddress } from './adapter';
import type { Reply } from './reply';
import { type Asked, formPage, wordsPage } from './value-page';

/** How long a link is good for. */
const GOOD_FOR_MS = 15 * 60_000;

/** Key Vault takes 25 KB; what is longer was pasted by mistake. */
const LONGEST_VALUE = 25_000;

/** A request for the page, or one that sends its form. */
export interface ValueAsked {
  readonly token: string;
  /** Null for looking at the page. */
  readonly sent:
    | { readonly value: string }
    | { readonly unreadable: 'not a form' | 'too large' | 'from another page' }
    | null;
  readonly from: string;
  readonly forwarded: boolean;
}

interface Link {
  readonly run: string;
  readonly stage: string;
  readonly person: string;
  readonly person_name: string;
  readonly expires_at: Date;
  readonly used_at: Date | null;
}

/** One-time links to the page where a value that a run waits for is entered, and the page itself. */
export interface ValueLinks {
  /** A link for this person; earlier ones to the same step are good no more. Or why there is none. */
  readonly give: (
    person: Person,
    run: string,
    stage: string,
  ) => Promise<
    { readonly href: string; readonly until: Date; readonly secret: string } | { readonly refused: string }
  >;
  readonly answer: (asked: ValueAsked) => Promise<Reply>;
}

/** Links in the store, of which only hashes are kept; each is 256 random bits. */
export function createValueLinks(ports: {
  readonly pool: Pool;
  readonly engine: Pick<Engine, 'incidentOfRun' | 'values'>;
  readonly now: () => Date;
  /** The bot's address as people's browsers reach it; null when it is not known. */
  readonly publicUrl: () => string | null;
  /** Whether nobody but this machine is answered, because the bot has no credentials. */
  readonly open: boolean;
}): ValueLinks {
  const { pool, engine, now, open } = ports;

  async function awaitedOf(run: string, stage: string): Promise<AwaitedValue | undefined> {
    const state = (await engine.incidentOfRun(run))?.runs.find((one) => one.run === run);
    return state && awaitedValues(state).find((one) => one.stage === stage);
  }

  const give: ValueLinks['give'] = async (person, run, stage) => {
    const awaited = await awaitedOf(run, stage);
    if (!awaited) return { refused: NOT_AWAITED };
    const publicUrl = ports.publicUrl();
    if (publicUrl === null)
      return { refused: 'The bot does not know its own address. Set PUBLIC_URL, then try again.' };
    if (!open && !publicUrl.startsWith('https:'))
      return {
        refused:
          "The bot's PUBLIC_URL does not begin with https, so a value would cross the network in the clear. Nothing was changed. Set the secret in the Azure portal, or mend PUBLIC_URL.",
      };
    const token = randomBytes(32).toString('base64url');
    const at = now();
    const until = new Date(at.getTime() + GOOD_FOR_MS);
    await inTransaction(pool, async (client) => {
      await client.query('delete from value_links where (run = $1 and stage = $2) or expires_at < $3', [
        ...[run, stage],
        new Date(at.getTime() - GOOD_FOR_MS),
      ]);
      await client.query(
        `insert into value_links (hash, run, stage, person, person_name, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [hashOf(token), run, stage, person.id, person.name, at, until],
      );
    });
    await engine.values.note({
      ...{ id: `${run}:${stage}:link:${hashOf(token).slice(0, 16)}`, run, by: person, at },
      event: { type: 'value.link-given', stage, secret: awaited.change.secret },
    });
    return { href: new URL(`/secrets/${token}`, publicUrl).href, until, secret: awaited.change.secret };
  };

  const answer: ValueLinks['answer'] = async ({ token, sent, from, forwarded }) => {
    if (open && (forwarded || !isLoopbackAddress(from)))
      return wordsPage(
        403,
        'Not from here',
        'Without credentials the bot shows this page to its own machine only.',
      );
    const hash = hashOf(token);
    if (sent === null) return look(hash);
    if ('unreadable' in sent) return unread(hash, sent.unreadable);
    return enter(hash, sent.value.trim());
  };

  async function look(hash: string): Promise<Reply> {
    const link = await linkOf(pool, hash);
    const good = await goodFor(link);
    if ('status' in good) return good;
    await engine.values.note({
      ...{ id: `${good.link.run}:${good.link.stage}:page:${hash.slice(0, 16)}`, run: good.link.run },
      event: {
        ...{ type: 'value.page-opened', stage: good.link.stage },
        secret: good.asked.secret,
      },
      by: personOf(good.link),
      at: now(),
    });
    return formPage(200, good.asked, null);
  }

  async function unread(hash: string, why: 'not a form' | 'too large' | 'from another page'): Promise<Reply> {
    if (why === 'from another page')
      return wordsPage(403, 'Not from this page', 'This was sent from another page. Nothing was changed.');
    const good = await goodFor(await linkOf(pool, hash));
    if ('status' in good) return good;
    return why === 'too large'
      ? formPage(413, good.asked, TOO_LONG)
      : formPage(415, good.asked, 'Use the field and the button of this page. Nothing was changed.');
  }

  /**
   * The link is used up before the value is written, so that of two who send at once one finds it used; the store must
   * not be held on to while Azure is waited for. What did not work makes it good again.
   */
  async function enter(hash: string, value: string): Promise<Reply> {
    const good = await goodFor(await linkOf(pool, hash));
    if ('status' in good) return good;
    const { link, asked } = good;
    if (value === '') return formPage(422, asked, 'The field was empty. Nothing was changed.');
    if (value.length > LONGEST_VALUE) return formPage(413, asked, TOO_LONG);
    if (!(await useUp(pool, hash, now()))) return USED;
    const { run, stage } = link;
    const entered = await engine.values
      .enter({ run, stage, by: personOf(link), at: now() }, value)
      .catch(async (error: unknown) => {
        await makeGood(pool, hash);
        throw error;
      });
    if (entered.ok)
      return wordsPage(
        200,
        'The value is in the vault',
        `${asked.secret} has its new value in ${asked.vault}. The run goes on by itself. You can close this page.`,
      );
    await makeGood(pool, hash);
    return formPage(502, asked, entered.words);
  }

  async function goodFor(
    link: Link | undefined,
  ): Promise<(Reply & { readonly status: number }) | { readonly link: Link; readonly asked: Asked }> {
    if (!link || link.expires_at <= now()) return GONE;
    if (link.used_at) return USED;
    const awaited = await awaitedOf(link.run, link.stage);
    if (!awaited) return wordsPage(410, 'Not needed any more', NOT_AWAITED);
    const { secret, vault } = awaited.change;
    return {
      link,
      asked: { secret, vault: vault.vault, person: link.person_name, until: link.expires_at },
    };
  }

  return { give, answer };
}

const NOT_AWAITED =
  'No run waits for this value now: it was entered already, or the run was stopped. Nothing was changed.';
const TOO_LONG = `That is longer than ${LONGEST_VALUE} characters, which Key Vault does not take. Nothing was changed.`;

/** The same for a link that never was, was replaced, or is too old: nobody learns which. */
const GONE = wordsPage(
  404,
  'This link is not good any more',
  'It works for 15 minutes, and a newer one replaces it. Press "Enter the value" on the run\'s card in Teams for a new link.',
);
const USED = wordsPage(
  410,
  'This link was used already',
  'It works once. Nothing was changed now. If the run still waits for the value, press "Enter the value" on its card in Teams for a new link.',
);

const personOf = ({ person, person_name }: Link): Person => ({ id: person, name: person_name, roles: [] });

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

async function linkOf(pool: Pool, hash: string): Promise<Link | undefined> {
  const { rows } = await pool.query<Link>(
    'select run, stage, person, person_name, expires_at, used_at from value_links where hash = $1',
    [hash],
  );
  return rows[0];
}

/** False when somebody else was faster. */
async function useUp(pool: Pool, hash: string, at: Date): Promise<boolean> {
  const used = 'update value_links set used_at = $2 where hash = $1 and used_at is null';
  return (await pool.query(used, [hash, at])).rowCount === 1;
}

const makeGood = (pool: Pool, hash: string) =>
  pool.query('update value_links set used_at = null where hash = $1', [hash]);
