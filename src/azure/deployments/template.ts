import { z } from 'zod/v4';
import type { Connection } from '../connection';
import { AzureProblem } from '../operation';
import { fetchText } from './fetch-text';
import { readTemplateFile, sha256 } from './request';

/** What a template says of itself, without evaluating it: that is Azure's work. */
export interface Template {
  readonly sha256: string;
  /** Its parameters, which of them are secure, and which have to be given. */
  readonly parameters: readonly {
    readonly name: string;
    readonly secure: boolean;
    readonly required: boolean;
  }[];
  /** The types of what it makes, each once, in the order of the template. */
  readonly types: readonly string[];
  /** How many resources it makes, those left out by a condition counted too. */
  readonly count: number;
}

/** Why a template is not known. */
export interface Unread {
  readonly unread: string;
}

const templateShape = z.object({
  parameters: z
    .record(z.string(), z.object({ type: z.string(), defaultValue: z.unknown().optional() }))
    .default({}),
  resources: z.union([
    z.array(z.object({ type: z.string() })),
    z.record(z.string(), z.object({ type: z.string() })).transform((named) => Object.values(named)),
  ]),
});

/** A template from where the estate has it, or in words why it cannot be read or is none. */
export async function template(
  azure: Connection,
  from: { readonly uri: string } | { readonly file: string },
): Promise<Template | Unread> {
  try {
    const text = 'uri' in from ? await fetchText(azure, from.uri) : await readTemplateFile(azure, from.file);
    const { parameters, resources } = templateShape.parse(JSON.parse(text));
    return {
      sha256: sha256(text),
      parameters: Object.entries(parameters).map(([name, { type, defaultValue }]) => ({
        name,
        secure: /^secure/i.test(type),
        required: defaultValue === undefined,
      })),
      types: [...new Set(resources.map(({ type }) => type))],
      count: resources.length,
    };
  } catch (error) {
    if (error instanceof AzureProblem) return { unread: error.message };
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    const where = 'uri' in from ? from.uri : from.file;
    return { unread: `What stands at ${where} is no ARM template. Put it back, then ask again.` };
  }
}
