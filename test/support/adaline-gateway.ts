import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { scriptedServer, type Answer, type ReceivedRequest, type ScriptedServer } from './scripted-server.js';

/** What the gateway does with a request; undefined: it goes through. */
export type Interference = (request: ReceivedRequest, passes: Passes) => Answer | undefined;

export interface Passes {
  /** The sandbox gets the request, and the client its answer. */
  through(): Answer;
  /** The sandbox gets the request, and the client what is given here. */
  butAnswers(answer: Answer): Answer;
}

export interface Gateway {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly server: ScriptedServer;
  /** Requests that reached the gateway, by the last part of their path: `trace`, `span`, `traces`, `spans`. */
  count(operation: string): number;
  /** From now on. */
  interfere(interference: Interference): void;
  close(): Promise<void>;
}

/** A real Adaline sandbox behind a line that can fail: answers get lost, and others come in their place. */
export async function adalineGateway(
  interference: Interference = () => undefined,
  errors: 'object' | 'text' = 'object',
): Promise<Gateway> {
  const sandbox = await startSandbox({ port: 0, adalineErrors: errors });
  let current = interference;
  const relay = async ({ method, path, headers, body }: ReceivedRequest): Promise<Response> =>
    fetch(sandbox.url + path, {
      method,
      headers: {
        authorization: headers.authorization ?? '',
        'content-type': headers['content-type'] ?? '',
      },
      ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
    });
  const passes: Passes = {
    through: () => ({
      async play(request, response) {
        const answer = await relay(request);
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
      },
    }),
    butAnswers: (answer) => ({
      async play(request, response) {
        await (await relay(request)).arrayBuffer();
        await answer.play(request, response);
      },
    }),
  };
  const server = await scriptedServer((request) => current(request, passes) ?? passes.through());
  return {
    url: server.url,
    sandbox,
    server,
    count: (operation) => server.requests.filter(({ path }) => path === `/v2/logs/${operation}`).length,
    interfere: (next) => void (current = next),
    async close() {
      await server.close();
      await sandbox.close();
    },
  };
}
