import { AzureError } from '../azure-error';
import { at, isObject, type JsonObject, textAt, textsAt } from '../json';
import type { ResourceGroup } from '../state';
import type { World } from '../world';
import type { DeploymentParameter } from './deployment';
import { evaluate } from './evaluate';
import { TemplateError } from './expression';
import type { Scope } from './functions';
import { keyVaultParameter } from './key-vault-parameter';
import { templateAt } from './template-host';

/** A template with its parameters' values, ready to be evaluated for one group. */
export interface Prepared {
  readonly template: JsonObject;
  readonly templateLink?: { readonly uri: string; readonly contentVersion: string };
  readonly parameters: Readonly<Record<string, DeploymentParameter>>;
  readonly resources: readonly TemplateResource[];
  readonly scope: Scope;
}

/** One resource that a template makes, its name and what it waits for evaluated, the rest as it is written. */
export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location: string;
  readonly apiVersion: string;
  readonly dependsOn: readonly string[];
  readonly raw: JsonObject;
}

/** Reads the body of a deployment request as Resource Manager does before it begins. Throws what it would refuse with. */
export function prepare(world: World, group: ResourceGroup, name: string, body: unknown): Prepared {
  const mode = textAt(body, 'properties', 'mode');
  if (mode !== 'Incremental' && mode !== 'Complete') {
    throw invalidContent("Required property 'mode' not found in JSON. Path 'properties'.");
  }
  const { template, templateLink } = templateOf(world, body);
  const given = at(body, 'properties', 'parameters');
  const parameters = parametersOf(world, group, name, template, isObject(given) ? given : {});
  const scope = scopeOf(world, group, name, template, parameters);
  const resources = resourcesOf(template, scope, group.location);
  return { template, ...(templateLink ? { templateLink } : {}), parameters, resources, scope };
}

function templateOf(world: World, body: unknown): Pick<Prepared, 'template' | 'templateLink'> {
  const inline = at(body, 'properties', 'template');
  const uri = textAt(body, 'properties', 'templateLink', 'uri');
  if ((inline === undefined) === (uri === undefined)) {
    throw invalidContent("Exactly one of 'template' and 'templateLink' must be given.");
  }
  const template = uri === undefined ? inline : templateAt(world.state, uri);
  if (uri !== undefined && template === undefined) {
    throw new AzureError(
      400,
      'InvalidContentLink',
      `Unable to download deployment content from '${uri}'. The tracking Id is '${world.state.idsGiven}'. Please see https://aka.ms/arm-deploy for usage details.`,
    );
  }
  const contentVersion = textAt(template, 'contentVersion');
  if (!isObject(template) || contentVersion === undefined || !Array.isArray(template['resources'])) {
    throw invalidTemplate(
      "Template deserialization has failed: 'Required properties '$schema, contentVersion, resources' not found in JSON.'.",
    );
  }
  return { template, ...(uri === undefined ? {} : { templateLink: { uri, contentVersion } }) };
}

function parametersOf(
  world: World,
  group: ResourceGroup,
  deployment: string,
  template: JsonObject,
  given: JsonObject,
): Record<string, DeploymentParameter> {
  const declared = template['parameters'];
  const known = isObject(declared) ? declared : {};
  const strange = Object.keys(given).filter((name) => !(name in known));
  if (strange.length > 0) {
    throw validationFailed(
      `The template parameters '${strange.join(', ')}' in the parameters file are not valid; they are not present in the original template and can therefore not be provided at deployment time. The only supported parameters for this template are '${Object.keys(known).join(', ')}'. Please see https://aka.ms/arm-pass-parameter-values for usage details.`,
    );
  }
  const parameters: Record<string, DeploymentParameter> = {};
  const scope = scopeOf(world, group, deployment, template, parameters);
  for (const [name, declaration] of Object.entries(known)) {
    const value = parameterValue(world, name, declaration, given[name], scope);
    refuseUnfit(name, declaration, value);
    parameters[name] = { type: textAt(declaration, 'type') ?? 'string', value };
  }
  return parameters;
}

function parameterValue(
  world: World,
  name: string,
  declaration: unknown,
  given: unknown,
  scope: Scope,
): unknown {
  if (isObject(given) && 'value' in given) {
    return given['value'];
  }
  if (isObject(given) && 'reference' in given) {
    return keyVaultParameter(world, name, given['reference']);
  }
  if (isObject(declaration) && 'defaultValue' in declaration) {
    return inTemplate(`parameter '${name}'`, () => evaluate(declaration['defaultValue'], scope));
  }
  throw validationFailed(
    `The value for the template parameter '${name}' at line '1' and column '1' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
  );
}

function refuseUnfit(name: string, declaration: unknown, value: unknown): void {
  const wanted = (textAt(declaration, 'type') ?? '').toLowerCase();
  if (/^(secure)?string$/.test(wanted) && typeof value !== 'string') {
    throw validationFailed(
      `Template parameter JToken type is not valid. Expected 'String, Uri'. Actual '${typeof value}'. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
    );
  }
  const allowed = at(declaration, 'allowedValues');
  if (Array.isArray(allowed) && !allowed.includes(value)) {
    throw validationFailed(
      `The provided value for the template parameter '${name}' is not valid. The value '${String(value)}' is not part of the allowed value(s): '${allowed.join(',')}'.`,
    );
  }
}

/** What the functions of a template may ask about; its own variables are worked out when they are asked for. */
export function scopeOf(
  world: World,
  group: ResourceGroup,
  deployment: string,
  template: JsonObject,
  parameters: Readonly<Record<string, DeploymentParameter>>,
): Scope {
  const { subscription, tenant } = world.state;
  const id = `/subscriptions/${subscription.id}`;
  const missing = (kind: string, name: string) =>
    new TemplateError(
      `The template ${kind} '${name}' is not found. Please see https://aka.ms/arm-syntax-${kind}s for usage details.`,
    );
  const scope: Scope = {
    subscription: { id, subscriptionId: subscription.id, tenantId: tenant.id },
    resourceGroup: { ...group, id: `${id}/resourceGroups/${group.name}` },
    deployment,
    parameter: (name) => {
      const found = Object.entries(parameters).find(([one]) => one.toLowerCase() === name.toLowerCase());
      if (found === undefined) {
        throw missing('parameter', name);
      }
      return found[1].value;
    },
    variable: (name) => {
      const value = at(template, 'variables', name);
      if (value === undefined) {
        throw missing('variable', name);
      }
      return evaluate(value, scope);
    },
  };
  return scope;
}

function resourcesOf(template: JsonObject, scope: Scope, groupLocation: string): readonly TemplateResource[] {
  const listed: readonly unknown[] = Array.isArray(template['resources']) ? template['resources'] : [];
  const resources = listed.flatMap((raw) => {
    if (!isObject(raw)) {
      throw invalidTemplate('Deployment template validation failed: a resource is not an object.');
    }
    const type = textAt(raw, 'type') ?? '';
    const read = (what: unknown) =>
      inTemplate(`resource '${textAt(raw, 'name') ?? ''}'`, () => evaluate(what, scope));
    if (raw['condition'] !== undefined && read(raw['condition']) !== true) {
      return [];
    }
    const name = String(read(raw['name']));
    if (name.split('/').length !== type.split('/').length - 1) {
      throw validationFailed(
        `The template resource '${name}' for type '${type}' at line '1' and column '1' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name. A root resource type must have segment length one greater than its resource name. Please see https://aka.ms/arm-syntax-resources for usage details.`,
      );
    }
    const dependsOn = Array.isArray(raw['dependsOn']) ? raw['dependsOn'].map((one) => String(read(one))) : [];
    const location = raw['location'] === undefined ? groupLocation : String(read(raw['location']));
    const apiVersion = textAt(raw, 'apiVersion') ?? '';
    return [{ id: idOf(type, name, scope), type, name, location, apiVersion, dependsOn, raw }];
  });
  refuseStrangers(resources);
  return resources;
}

function refuseStrangers(resources: readonly TemplateResource[]): void {
  for (const { id, name, dependsOn } of resources) {
    const twice = resources.filter((other) => sameId(other.id, id)).length > 1;
    if (twice) {
      throw validationFailed(
        `The resource '${id}' at line '1' and column '1' is defined multiple times in a template. Please see https://aka.ms/arm-syntax-resources for usage details.`,
      );
    }
    const stranger = dependsOn.find((on) => !resources.some((other) => dependsAs(other, on)));
    if (stranger !== undefined) {
      throw validationFailed(
        `The resource '${stranger}' is not defined in the template: it is a dependency of '${name}'. Please see https://aka.ms/arm-syntax for usage details.`,
      );
    }
  }
}

/** Whether a `dependsOn` entry means this resource: by its id, or by its bare name. */
export const dependsAs = (resource: TemplateResource, on: string): boolean =>
  sameId(resource.id, on) || sameId(resource.name, on);

const sameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function idOf(type: string, name: string, { subscription, resourceGroup }: Scope): string {
  const [namespace = '', ...types] = type.split('/');
  const names = name.split('/');
  const path = types.map((one, index) => `${one}/${names[index]}`).join('/');
  return `${subscription.id}/resourceGroups/${resourceGroup.name}/providers/${namespace}/${path}`;
}

function inTemplate<T>(where: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof TemplateError)) {
      throw error;
    }
    throw invalidTemplate(
      `Unable to process template language expressions for ${where} at line '1' and column '1'. '${error.message}'`,
    );
  }
}

const invalidTemplate = (said: string): AzureError => new AzureError(400, 'InvalidTemplate', said);
const validationFailed = (said: string): AzureError =>
  invalidTemplate(`Deployment template validation failed: '${said}'.`);
const invalidContent = (said: string): AzureError =>
  new AzureError(
    400,
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${said}'.`,
  );

/** The tags of a resource as the template gives them. */
export const tagsOf = (body: JsonObject): Record<string, string> => textsAt(body, 'tags') ?? {};
