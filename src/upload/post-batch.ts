import type { Answer } from '../targets/target.js';
import type { Batch } from './batches.js';
import type { WireBody } from './content-coding.js';
import type { PreparedRequest } from './requests.js';
import { TransportError } from './transport-error.js';
import type { UploadRun } from './upload-run.js';

/** Sends a request once, and counts it in the traffic of the run. Gives the answer, or why there is none. */
export async function postBatch(
  run: UploadRun,
  batch: Batch,
  { request }: PreparedRequest,
  wire: WireBody,
): Promise<Answer | TransportError> {
  const { traffic } = run;
  traffic.requests += 1;
  traffic.inFlight += 1;
  run.onEvent({
    kind: 'batch-started',
    spans: batch.spans.length,
    bytes: batch.bytes,
    inFlight: traffic.inFlight,
    concurrency: run.pace.concurrency,
  });
  try {
    const answer = await run.transport.post(wire.bytes, run.abort, wire.coding, request.url);
    traffic.bytes += request.body.length;
    traffic.wireBytes += wire.bytes.length;
    return answer;
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  } finally {
    traffic.inFlight -= 1;
  }
}
