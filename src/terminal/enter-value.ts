import { type AwaitedValue, awaitedValues } from '../engine/awaited-value';
import { DECIDES, roleRefusal } from '../engine/may';
import type { RunState } from '../incidents/run-state';
import type { AtGate } from './answer-gate';
import { type Desk, personWords } from './desk';
import { harmless, type Look, paintOf, wrap } from './look';

/** A step that waits for a value which only people know. */
function drawAwaited({ title, change }: AwaitedValue, who: string, look: Look): string {
  const { bold, warning } = paintOf(look);
  const line = (words: string) => wrap(`  ${harmless(words)}`, look.width, '  ');
  return [
    '',
    bold(wrap(`◆ A VALUE IS NEEDED: ${harmless(title)}`, look.width, '  ')).replace('◆', warning),
    line(`The new value of ${change.secret}, for the Key Vault ${change.vault.vault}.`),
    line('It goes straight into the vault: nothing shows it, keeps it or logs it, this terminal neither.'),
    line(`You are ${who}.`),
    '',
  ].join('\n');
}

/** Takes a value that a run waits for, from whoever sits here or from what is piped in, until `over`. */
export async function enterValue(
  desk: Desk,
  run: RunState,
  awaited: AwaitedValue,
  over: AbortSignal,
): Promise<AtGate> {
  const { console, asked, person } = desk;
  const { bad } = paintOf(console.look);
  const who = await person();
  console.write(drawAwaited(awaited, personWords(who), console.look));
  const refusal = roleRefusal(who, DECIDES);
  if (refusal !== null) console.write(bad(`✗ ${harmless(refusal)}`));
  if (refusal !== null || !(console.interactive || asked.valueFromInput))
    return console.interactive || asked.wait ? 'wait' : 'leave';
  for (;;) {
    const value = await console.askSecret(
      'Paste it and press Enter (it does not appear; Enter alone waits for somebody else): ',
      over,
    );
    if (value === null) return over.aborted ? 'wait' : 'leave';
    if (value.trim() === '') return 'wait';
    const { stage } = awaited;
    const answer = await desk.engine.values.enter(
      { run: run.run, stage, by: who, at: desk.now() },
      value.trim(),
    );
    // From here on it is Azure that is waited for.
    if (answer.ok) return 'wait';
    console.write(bad(`✗ ${harmless(answer.words)}`));
    if (!console.interactive) return 'leave';
  }
}

/** The first value that a run waits for now, if any. */
export const awaitedIn = (run: RunState): AwaitedValue | undefined => awaitedValues(run)[0];
