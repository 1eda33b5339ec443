import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Deployment } from '@azure/arm-resourcesdeployments';
import type { z } from 'zod/v4';
import type { Connection } from '../connection';
import { AzureProblem } from '../operation';
import { observedProblem } from '../problem';
import { vaultId } from '../resource-id';
import type { DeploymentRequest, secureParameter } from './deployment-request';
import { fetchText } from './fetch-text';

/** The request's body, always `Incremental`: nothing that the template lacks is deleted. */
export async function bodyOf(
  azure: Connection,
  { template, parameters, secure }: DeploymentRequest,
): Promise<Deployment> {
  return {
    properties: {
      mode: 'Incremental',
      ...(await sourceOf(azure, template)),
      parameters: {
        ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { value }])),
        ...Object.fromEntries(Object.entries(secure).map(([name, from]) => [name, secretReference(from)])),
      },
    },
  };
}

/** How a parameter names a secret for Azure to read. */
export const secretReference = ({ vault, secret }: z.infer<typeof secureParameter>) => ({
  reference: { keyVault: { id: vaultId(vault) }, secretName: secret },
});

/** The template as it was when the plan was made. @throws AzureProblem `TemplateChanged` when it is not any more. */
async function sourceOf(azure: Connection, template: DeploymentRequest['template']) {
  if ('uri' in template) {
    // Where the bot cannot reach it, Azure may: what people approved then says that it was not read.
    const text = template.sha256 === null ? null : await textAt(azure, template.uri);
    if (text !== null && sha256(text) !== template.sha256) throw changed(template.uri);
    return { templateLink: { uri: template.uri } };
  }
  const text = await readTemplateFile(azure, template.file);
  if (sha256(text) !== template.sha256) throw changed(template.file);
  return { template: JSON.parse(text) as unknown };
}

async function textAt(azure: Connection, uri: string): Promise<string | null> {
  try {
    return await fetchText(azure, uri);
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    azure.log(error.message);
    return null;
  }
}

/** The text of a template on the bot's own disk. @throws AzureProblem `TemplateUnreadable` */
export async function readTemplateFile(_azure: Connection, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw observedProblem(
      'TemplateUnreadable',
      `The template ${file} cannot be read (${error instanceof Error ? error.message : String(error)}). Put it back where the estate file names it, then retry.`,
    );
  }
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const changed = (where: string) =>
  observedProblem(
    'TemplateChanged',
    `The template at ${where} is not the one that the plan was approved with. Nothing was deployed. Ask for the scenario again, so that people see the new one.`,
  );
