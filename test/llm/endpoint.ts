/** A model service on the loopback address, with the manners of those there are. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Request = {
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly response_format?: { readonly type: string; readonly json_schema?: { readonly schema: object } };
  };
  /** As it came over the wire. */
  readonly raw: string;
  readonly authorization: string | undefined;
};

export type Manner = (request: Request, response: ServerResponse) => void | Promise<void>;

export type Endpoint = {
  readonly baseUrl: string;
  readonly requests: Request[];
  manner: Manner;
  close(): Promise<void>;
};

export async function startEndpoint(manner: Manner): Promise<Endpoint> {
  const requests: Request[] = [];
  const server = createServer((incoming, response) => {
    void read(incoming).then(async (raw) => {
      const request: Request = { body: JSON.parse(raw) as Request['body'], raw, authorization: incoming.headers.authorization };
      requests.push(request);
      await endpoint.manner(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint: Endpoint = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    manner,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return endpoint;
}

async function read(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** The message as the model sees it. */
export function messageIn({ body }: Request): string {
  const user = body.messages.find(({ role }) => role === 'user');
  return (JSON.parse(user?.content ?? '{}') as { message: string }).message;
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function complete(response: ServerResponse, content: string): void {
  send(response, 200, {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 40, completion_tokens: 2, total_tokens: 42 },
  });
}

const format = ({ body }: Request) => body.response_format?.type;

/** Takes json_schema, and as strictly as OpenAI: every key required, no other allowed. */
export const openai =
  (answer: string): Manner =>
  (request, response) => {
    const schema = request.body.response_format?.json_schema?.schema;
    if (!schema || !isStrict(schema)) return send(response, 400, { error: { message: 'Invalid schema' } });
    complete(response, answer);
  };

/** 400 to json_schema; json_object only with the word in the prompt. */
export const deepseek =
  (answer: string): Manner =>
  (request, response) => {
    if (format(request) === 'json_schema') {
      return send(response, 400, { error: { message: 'This response_format type is unavailable now' } });
    }
    if (!/json/iu.test(request.body.messages[0]?.content ?? '')) return send(response, 400, { error: { message: 'no json' } });
    complete(response, answer);
  };

/** Takes no format, thinks aloud, chatters and fences. */
export const qwen =
  (answer: string): Manner =>
  (request, response) => {
    if (format(request)) return send(response, 400, { error: { message: 'response_format not supported' } });
    complete(
      response,
      `<think>\n用户想 {做点什么}……\n</think>\n好的，结果如下：\n\`\`\`json\n${answer}\n\`\`\`\n希望 {对您} 有帮助！`,
    );
  };

export const hanging: Manner = () => {};

/** Headers at once, the body never. */
export const stalling: Manner = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"choices":[');
};

export const failing =
  (status: number): Manner =>
  (_, response) =>
    send(response, status, { error: { message: 'no' } });

export const saying =
  (content: string): Manner =>
  (_, response) =>
    complete(response, content);

function isStrict(schema: object): boolean {
  if ('properties' in schema) {
    const keys = Object.keys(schema.properties as object);
    const required = 'required' in schema ? (schema.required as string[]) : [];
    if (!('additionalProperties' in schema) || schema.additionalProperties !== false) return false;
    if (keys.some((key) => !required.includes(key))) return false;
  }
  return Object.values(schema).every((part: unknown) => typeof part !== 'object' || part === null || isStrict(part));
}
