/** How lines may look: with or without colour, and how wide. */
export interface Look {
  readonly colour: boolean;
  readonly width: number;
}

/** Paints words. What a colour says is always said in words or by a sign as well. */
export interface Paint {
  readonly bold: (words: string) => string;
  readonly dim: (words: string) => string;
  readonly good: (words: string) => string;
  readonly warning: (words: string) => string;
  readonly bad: (words: string) => string;
  readonly busy: (words: string) => string;
}

/** The paint of a terminal (ECMA-48 SGR); without colour it leaves words as they are. */
export function paintOf({ colour }: Look): Paint {
  const with_ = (on: number, off: number) => (words: string) =>
    colour && words !== '' ? `\u001B[${on}m${words}\u001B[${off}m` : words;
  return {
    bold: with_(1, 22),
    dim: with_(2, 22),
    good: with_(32, 39),
    warning: with_(33, 39),
    bad: with_(31, 39),
    busy: with_(36, 39),
  };
}

/**
 * Words in lines that fit. Each line after the first begins with `indent`; a word that is longer than a line, such as
 * the path of a resource, is left whole so that it can be copied.
 */
export function wrap(words: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of words.split(' ')) {
    const longer: string = line === null ? word : `${line} ${word}`;
    if (line !== null && line.trim() !== '' && longer.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line ?? ''].join('\n');
}

// Control characters, which could take a terminal over, and those that turn the direction of writing.
const unwanted = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

/** What somebody wrote, on one line and harmless: control characters in it could take a terminal over. */
export const harmless = (words: string): string => words.replace(unwanted, ' ').replace(/ {2,}/g, ' ').trim();
