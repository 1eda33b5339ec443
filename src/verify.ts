import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sealsIn, verifyExport } from './incidents/verify-export';

const USAGE = `dr-verify FILE [--posted FILE]

Checks that an exported timeline (@dr timeline export, JSON) is as it was written. Reads nothing but these files.

  --posted FILE   lines copied out of the incident's thread ("#12 … Sealed to here: …"). Only they show a timeline
                  that was changed and sealed anew as a whole; compare them where nobody can change them.

Ends with 0 when it is whole, 1 when it is not, 2 when it cannot tell.`;

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
    if (seals.length === 0) throw new Error(`${one} holds no seal. Copy the lines with "Sealed to here: …".`);
    return seals;
  });
  const verdict = verifyExport(JSON.parse(readFileSync(file, 'utf8')), outside);
  if (!verdict.whole) {
    console.log(`NOT WHOLE. First bad entry: ${verdict.seq}. In words: ${verdict.why}.`);
    return 1;
  }
  console.log(
    `Whole: ${verdict.entries} entries, sealed ${verdict.hash || '(empty)'}. ${verdict.compared} posted seals compared${outside.length === 0 ? ', all from the export itself: give the lines of the thread with --posted to be sure that it was not sealed anew' : ''}.`,
  );
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(
    `Cannot tell: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE.split('\n')[0]}`,
  );
  process.exitCode = 2;
}
