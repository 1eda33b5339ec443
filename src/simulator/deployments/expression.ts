/** An ARM template expression taken apart (Azure Resource Manager, "Syntax and expressions in ARM templates"). */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      /** What is taken out of the function's value: `.identity.principalId`, `[0]`. */
      readonly path: readonly (string | Expression)[];
    };

/** A template says something that Resource Manager cannot read: it words the rest around it. */
export class TemplateError extends Error {}

/** The expression in a text of a template, or undefined where the text is meant as it is. @throws TemplateError */
export function readExpression(text: string): Expression | undefined {
  if (!text.startsWith('[') || text.startsWith('[[') || !text.endsWith(']')) {
    return undefined;
  }
  const reader = new Reader(text.slice(1, -1));
  const expression = reader.expression();
  reader.end();
  return expression;
}

/** The text that a template means by a text that is no expression: `[[` stands for `[`. */
export function plainText(text: string): string {
  return text.startsWith('[[') ? text.slice(1) : text;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  expression(): Expression {
    this.spaces();
    const quoted = this.take(/'(?:[^']|'')*'/y);
    if (quoted !== undefined) {
      return { kind: 'literal', value: quoted.slice(1, -1).replaceAll("''", "'") };
    }
    const number = this.take(/-?\d+/y);
    if (number !== undefined) {
      return { kind: 'literal', value: Number(number) };
    }
    const name = this.take(/[a-zA-Z][\w.]*/y);
    if (name === undefined || this.take(/\s*\(/y) === undefined) {
      throw this.trouble();
    }
    return { kind: 'call', name, args: this.args(), path: this.path() };
  }

  end(): void {
    this.spaces();
    if (this.at < this.text.length) {
      throw this.trouble();
    }
  }

  private args(): readonly Expression[] {
    const args: Expression[] = [];
    this.spaces();
    if (this.take(/\)/y) !== undefined) {
      return args;
    }
    for (;;) {
      args.push(this.expression());
      this.spaces();
      if (this.take(/\)/y) !== undefined) {
        return args;
      }
      if (this.take(/,/y) === undefined) {
        throw this.trouble();
      }
    }
  }

  private path(): readonly (string | Expression)[] {
    const path: (string | Expression)[] = [];
    for (;;) {
      const member = this.take(/\s*\.\s*[a-zA-Z_]\w*/y);
      if (member !== undefined) {
        path.push(member.replace(/[\s.]/g, ''));
      } else if (this.take(/\s*\[/y) !== undefined) {
        path.push(this.expression());
        if (this.take(/\s*\]/y) === undefined) {
          throw this.trouble();
        }
      } else {
        return path;
      }
    }
  }

  private spaces(): void {
    this.take(/\s+/y);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private trouble(): TemplateError {
    return new TemplateError(
      `The language expression '[${this.text}]' is not valid: the string character at position '${this.at + 1}' is not expected.`,
    );
  }
}
