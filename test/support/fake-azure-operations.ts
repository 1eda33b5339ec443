import type {
  Begun,
  Look,
  Operation,
  OperationHandler,
  OperationName,
  OperationOf,
  Sent,
} from '../../src/azure/operation';
import type { FakeAzure, FakeHooks, FakeState } from './fake-azure';
import { fakeNetwork } from './fake-azure-network';
import { fakeRegion } from './fake-azure-region';
import { fakeSql } from './fake-azure-sql';
import { fakeStorage } from './fake-azure-storage';
import { fakeVault } from './fake-azure-vault';
import { fakeWeb } from './fake-azure-web';

/** How the small Azure does one operation. `change` refuses as Azure does. */
interface FakeOperation<O extends Operation> {
  /** What the change is called, behind the operation's name: `shop → shop-old`. */
  readonly name: (operation: O) => string;
  readonly look: (state: FakeState, operation: O, sent: Sent) => Look;
  readonly change: (state: FakeState, operation: O, now: Date) => Begun;
}

/** How the small Azure does the operations of one service. */
export type FakeOperations<N extends OperationName> = {
  readonly [One in N]: FakeOperation<OperationOf<One>>;
};

const operations: FakeOperations<OperationName> = {
  ...fakeSql,
  ...fakeWeb,
  ...fakeVault,
  ...fakeStorage,
  ...fakeNetwork,
  ...fakeRegion,
};

/** How the small Azure does an operation: the rules of Azure, without its network. */
export function fakeHandler<O extends Operation>(
  azure: FakeAzure,
  now: () => Date,
  hooks: FakeHooks,
  operation: O,
): OperationHandler<O> {
  const { state } = azure;
  // The table pairs each name with its own operation; TypeScript cannot follow that through a generic `O`.
  const fake = operations[operation.op] as unknown as FakeOperation<O>;
  const name = `${operation.op} ${fake.name(operation)}`;
  return {
    rest: () => name,
    target: () => name.split(' ')[1] ?? '',
    look: async (_, sent) => {
      const seen = fake.look(state, operation, sent);
      azure.save();
      return seen;
    },
    begin: async (_, sent) => {
      hooks.before?.(name);
      const begun = fake.change(state, operation, now());
      state.changes.push({ change: name, requestId: sent.requestId });
      azure.save();
      hooks.after?.(name);
      return begun;
    },
    poll: async () => {
      const seen = fake.look(state, operation, { requestId: '', intendedAt: new Date(0), resumed: true });
      azure.save();
      return seen.state === 'done' ? seen : { state: 'under way', percent: 50, retryAfterMs: 20 };
    },
  };
}
