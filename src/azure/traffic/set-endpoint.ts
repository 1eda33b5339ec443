import { orNull } from '../call';
import { type Connection, reading } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { Look, OperationHandler, OperationOf } from '../operation';
import { observedProblem } from '../problem';
import { profileWords } from './readings';

type SetEndpoint = OperationOf<'traffic.set-endpoint'>;

/** Endpoints_Update with nothing but the status: a PUT of the profile would replace all of its endpoints. */
export function setEndpoint(azure: Connection): OperationHandler<SetEndpoint> {
  const one: AtOnce<SetEndpoint> = {
    rest: ({ profile, endpoint, status }) =>
      `PATCH …/trafficManagerProfiles/${profile.profile}/azureEndpoints/${endpoint} (endpointStatus ${status})`,
    target: ({ profile, endpoint }) => `${profile.profile}/${endpoint}`,
    words: ({ profile, endpoint, status }) => ({
      doing: status === 'Enabled' ? 'Enabling' : 'Disabling',
      resource: `endpoint "${endpoint}" of ${profileWords(profile)}`,
    }),
    look: (operation) => look(azure, operation),
    // People would be led where taking a run back has just led them away from.
    harmfulLate: () => true,
    send: async ({ profile, endpoint, status }, sent, abortSignal) => {
      const { traffic } = azure.clients(profile.subscriptionId);
      await traffic.endpoints.update(
        profile.resourceGroup,
        profile.profile,
        'AzureEndpoints',
        endpoint,
        { endpointStatus: status },
        { abortSignal, requestOptions: { customHeaders: { 'x-ms-client-request-id': sent.requestId } } },
      );
      return {};
    },
  };
  return atOnce(azure, one);
}

async function look(azure: Connection, operation: SetEndpoint): Promise<Look> {
  const { profile, endpoint, status } = operation;
  const { traffic } = azure.clients(profile.subscriptionId);
  const found = await orNull(
    azure.call(reading(`endpoint "${endpoint}" of ${profileWords(profile)}`), (abortSignal) =>
      traffic.endpoints.get(profile.resourceGroup, profile.profile, 'AzureEndpoints', endpoint, {
        abortSignal,
      }),
    ),
  );
  if (found) return found.endpointStatus === status ? { state: 'done', facts: {} } : { state: 'absent' };
  return {
    state: 'blocked',
    problem: observedProblem(
      'EndpointNotFound',
      `${profileWords(profile)} has no endpoint "${endpoint}" any more. Nothing was changed. Add it again in the Azure portal, then retry; or skip this step and lead the traffic by hand.`,
    ),
  };
}
