import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import { type Connection, reading } from '../connection';
import { withPatience } from '../patience';

/** A public text file by HTTPS, through the same proxy as everything else, within a short time. @throws AzureProblem */
export async function fetchText(azure: Connection, url: string): Promise<string> {
  const pipeline = withPatience(
    createPipelineFromOptions({ userAgentOptions: { userAgentPrefix: 'dr-bot' } }),
  );
  return azure.callBriefly(reading(`the file ${url}`), async (abortSignal) => {
    const headers = createHttpHeaders({ accept: 'application/json, text/plain' });
    const request = createPipelineRequest({ url, headers, abortSignal });
    const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
    if (status !== 200 || !bodyAsText)
      throw new RestError(`the answer was HTTP ${status}`, { statusCode: status });
    return bodyAsText;
  });
}
