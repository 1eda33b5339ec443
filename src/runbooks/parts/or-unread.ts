import { AzureProblem } from '../../azure/operation';

/** Azure did not answer, or refused: in its words. */
export interface Unread {
  readonly unread: string;
}

/** How long one reading may hold a plan up when its region may be gone, in milliseconds. */
const PATIENCE_MS = 12_000;

/**
 * The value, or why it could not be read. For what lies in a region that may be down: a plan must come to be without it,
 * and in time.
 */
export async function orUnread<T>(value: Promise<T>): Promise<T | Unread> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Unread>((resolve) => {
    timer = setTimeout(
      () => resolve({ unread: `no answer within ${PATIENCE_MS / 1000} s` }),
      PATIENCE_MS,
    ).unref();
  });
  try {
    return await Promise.race([value, late]);
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return { unread: error.message };
  } finally {
    clearTimeout(timer);
  }
}

/** Whether it could not be read. */
export const isUnread = <T>(value: T | Unread): value is Unread =>
  typeof value === 'object' && value !== null && 'unread' in value;
