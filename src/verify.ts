import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sealsIn } from './incidents/posted-seal';
import { type Verdict, verifyText } from './incidents/verify-export';
import { untrueIn } from './words/export-summary';

const USAGE = `dr-verify FILE [--posted FILE]

Checks that an exported timeline (@dr timeline export, JSON) is as it was written. Reads nothing but these files.

  --posted FILE   lines copied out of the incident's thread, each whole ("#12 … Sealed to here: …"). Only they show a
                  timeline that was changed and sealed anew as a whole, the seals in the file among it; compare them
                  where nobody can change them.

Ends with 0 when it is whole, 1 when it is not, 2 when it cannot tell (no export, or nothing posted to compare with),
3 when the entries are whole and what the file says besides them is not what they come to.`;

/** Verifies an exported timeline, and says so in words. Gives the exit code. */
function main(): number {
  const { values, positionals } = parseArgs({
    options: { posted: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  if (values.help || !file || more.length > 0) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const outside = (values.posted ?? []).flatMap((one) => {
    const seals = sealsIn(readFileSync(one, 'utf8'));
    if (seals.length === 0)
      throw new Error(
        `${one} holds no seal. Copy whole lines, from "#12" to the end of "Sealed to here: …".`,
      );
    return seals;
  });
  const text = readFileSync(file, 'utf8');
  const verdict = verifyText(text, outside);
  if (!verdict.whole) {
    console.log(`NOT WHOLE. First bad entry: ${verdict.seq}. In words: ${verdict.why}.`);
    return 1;
  }
  const untrue = untrueIn(JSON.parse(text), verdict.timeline);
  if (untrue !== null) {
    console.log(
      `NOT TRUE: "${untrue}". The ${verdict.entries} entries are whole, and "${untrue}" beside them is not sealed and not what they come to. Believe the entries alone. (An export of another version of the bot may say it in other words: check it with that version.)`,
    );
    return 3;
  }
  const { compared, uncompared } = verdict;
  if (compared === 0 && uncompared.length > 0) {
    console.log(
      `CANNOT TELL. The chain of ${verdict.entries} entries holds by itself; nothing posted was compared, so a fully re-hashed file would look the same. Give the lines of the thread with --posted.`,
    );
    return 2;
  }
  console.log(
    [`Whole: ${verdict.entries} entries, sealed ${verdict.hash}.`, ...seen(verdict, outside.length)].join(
      ' ',
    ),
  );
  return 0;
}

/** What the verdict rests on, so that nobody takes it for more. */
function seen(
  { compared, uncompared }: Extract<Verdict, { whole: true }>,
  outside: number,
): readonly string[] {
  if (compared === 0)
    return [
      'Nothing is sealed to the channel before the first gate ends, so nothing could be compared: a fully re-hashed file, or one cut off here, would look the same.',
    ];
  return [
    `${compared} posted seals compared${outside === 0 ? ', all from the export itself: give the lines of the thread with --posted to be sure that it was not sealed anew' : ''}.`,
    ...(uncompared.length > 0
      ? [`Not in the channel yet when it was exported: the seals of entries ${uncompared.join(', ')}.`]
      : []),
  ];
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(
    `Cannot tell: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE.split('\n')[0]}`,
  );
  process.exitCode = 2;
}
