const token = /"(?:[^"\\]+|\\.)*"|[{}[\],]/g;

/** An object or array that is being read, and where in it. */
interface Frame {
  /** Null in an array. */
  readonly names: Set<string> | null;
  at: string | number;
  /** Whether a name comes next, and no value. */
  named: boolean;
}

/**
 * The path of the first member that stands twice in its object, in well-formed JSON; null when none does. `JSON.parse`
 * keeps the last of them without a word, so what a person reads first need not be what is verified.
 */
export function repeatedMember(json: string): readonly (string | number)[] | null {
  const frames: Frame[] = [];
  for (const [read] of json.matchAll(token)) {
    const frame = frames.at(-1);
    if (read === '{') frames.push({ names: new Set(), at: '', named: true });
    else if (read === '[') frames.push({ names: null, at: 0, named: false });
    else if (read === '}' || read === ']') frames.pop();
    else if (read === ',' && frame) {
      frame.named = frame.names !== null;
      if (typeof frame.at === 'number') frame.at += 1;
    } else if (frame?.named) {
      frame.at = String(JSON.parse(read));
      frame.named = false;
      if (frame.names?.has(frame.at)) return frames.map(({ at }) => at);
      frame.names?.add(frame.at);
    }
  }
  return null;
}
