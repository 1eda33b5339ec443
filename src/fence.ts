import { AsyncLocalStorage } from 'node:async_hooks';

/** Throws when this process may not act any more: another one has taken over. */
export type Fence = () => void;

/** This process has lost the right to act, or cannot tell: it must not change anything until it has it again. */
export class NotInCharge extends Error {
  override readonly name = 'NotInCharge';
}

const current = new AsyncLocalStorage<Fence>();

/** Does something that changes the world outside, under a fence which is looked at just before each request leaves. */
export const fenced = <T>(fence: Fence, act: () => Promise<T>): Promise<T> => current.run(fence, act);

/** Looks at the fence of whatever is being done. @throws what the fence throws. */
export const checkFence = (): void => current.getStore()?.();
