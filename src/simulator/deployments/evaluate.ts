import { isObject } from '../json';
import { type Expression, plainText, readExpression, TemplateError } from './expression';
import { functions, runtimeFunctions, type Scope } from './functions';

/** A value of a template with every expression in it replaced by what it means. @throws TemplateError */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    const expression = readExpression(value);
    return expression === undefined ? plainText(value) : meaningOf(expression, scope);
  }
  if (Array.isArray(value)) {
    return value.map((one: unknown) => evaluate(one, scope));
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, evaluate(one, scope)]));
  }
  return value;
}

/** The same, but an expression that needs a resource to exist stays as it is written: what-if shows it so. */
export function evaluateAhead(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    const expression = readExpression(value);
    return expression !== undefined && needsRuntime(expression) ? value : evaluate(value, scope);
  }
  if (Array.isArray(value)) {
    return value.map((one: unknown) => evaluateAhead(one, scope));
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, evaluateAhead(one, scope)]));
  }
  return value;
}

function needsRuntime(expression: Expression): boolean {
  return (
    expression.kind === 'call' &&
    (runtimeFunctions.has(expression.name.toLowerCase()) || expression.args.some(needsRuntime))
  );
}

function meaningOf(expression: Expression, scope: Scope): unknown {
  if (expression.kind === 'literal') {
    return expression.value;
  }
  const { name, args, path } = expression;
  return path.reduce<unknown>((value, step) => stepInto(value, step, scope), call(name, args, scope));
}

function call(name: string, args: readonly Expression[], scope: Scope): unknown {
  const known = name.toLowerCase();
  if (known === 'if') {
    // Only the branch that is taken is evaluated: the other one may be about something that is not there.
    const [condition, yes, no] = args;
    const taken = condition && meaningOf(condition, scope) === true ? yes : no;
    return taken && meaningOf(taken, scope);
  }
  const act = functions[known];
  if (act === undefined) {
    throw new TemplateError(
      `The template function '${name}' is not valid. Please see https://aka.ms/arm-functions for usage details.`,
    );
  }
  if (runtimeFunctions.has(known) && scope.reference === undefined) {
    throw new TemplateError(`The template function '${name}' is not expected at this location.`);
  }
  return act(
    args.map((one) => meaningOf(one, scope)),
    scope,
  );
}

function stepInto(value: unknown, step: string | Expression, scope: Scope): unknown {
  const key = typeof step === 'string' ? step : meaningOf(step, scope);
  const found = Array.isArray(value)
    ? value[Number(key)]
    : isObject(value)
      ? Object.entries(value).find(([name]) => name.toLowerCase() === String(key).toLowerCase())?.[1]
      : undefined;
  if (found === undefined) {
    throw new TemplateError(
      `The language expression property '${String(key)}' doesn't exist, available properties are '${isObject(value) ? Object.keys(value).join(', ') : ''}'.`,
    );
  }
  return found;
}
