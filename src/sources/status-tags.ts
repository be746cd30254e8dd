import { isAbsent } from '../span/text.js';
import type { DraftWriter } from './draft-writer.js';

/**
 * Reads how a span ended from the tags with which Zipkin, Jaeger and OpenTelemetry's exporters to them tell it:
 * `error` (its presence means failure, unless it says false; its text may be the message), `otel.status_code` and
 * `otel.status_description`. Returns the other tags.
 */
export function takeStatusTags(
  writer: DraftWriter,
  tags: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const {
    error,
    'otel.status_code': code,
    'otel.status_description': description,
    ...others
  }: Record<string, unknown> = tags;
  const word = typeof error === 'string' ? error.trim().toLowerCase() : error;
  const isFlag = word === true || word === 'true' || word === '';
  const isFailure = error !== undefined && word !== false && word !== 'false' && error !== null;
  if (code === 'ERROR' || isFailure) writer.fail();
  else if (code === 'OK') writer.set('status_code', 200, 'otel.status_code');
  if (code !== 'ERROR' && (code !== 'OK' || isFailure)) writer.keep('otel.status_code', code);
  if (isFailure && !isFlag) writer.set('error_message', error, 'error');
  else if (!isFailure) writer.keep('error', error);
  if (!isAbsent(description)) {
    if (code === 'ERROR' || isFailure) {
      writer.set('error_message', description, 'otel.status_description');
    } else writer.keep('otel.status_description', description);
  }
  return others;
}
