import { z } from 'zod/v4';
import type { Connection } from '../connection';
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

const templateShape = z.object({
  parameters: z
    .record(z.string(), z.object({ type: z.string(), defaultValue: z.unknown().optional() }))
    .default({}),
  resources: z.union([
    z.array(z.object({ type: z.string() })),
    z.record(z.string(), z.object({ type: z.string() })).transform((named) => Object.values(named)),
  ]),
});

/** A template from where the estate has it; null when it cannot be read or is none, with the reason logged. */
export async function template(
  azure: Connection,
  from: { readonly uri: string } | { readonly file: string },
): Promise<Template | null> {
  try {
    const text = 'uri' in from ? await fetchText(from.uri) : await readTemplateFile(azure, from.file);
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
    const where = 'uri' in from ? from.uri : from.file;
    azure.log(`The template ${where}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
