/** One model behind an OpenAI-compatible address: what form of answer it takes is found out once and remembered. */
import type { OpenAI } from 'openai';
import { z } from 'zod';

export type EndpointOptions = {
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly model: string;
  readonly fetch?: typeof fetch;
};

export type Question = {
  readonly system: string;
  readonly message: string;
  /** Of the answer, as JSON schema. */
  readonly schema: Record<string, unknown>;
  readonly maxTokens: number;
  readonly timeoutMs: number;
};

export type Answered = { readonly content: string; readonly tokens: number };

/** No answer. `isSick` when the fault is the endpoint's, not that of what was asked. */
export class NoAnswer extends Error {
  readonly did: string;
  readonly isSick: boolean;

  constructor(did: string, isSick: boolean) {
    super(did);
    this.name = 'NoAnswer';
    this.did = did;
    this.isSick = isSick;
  }
}

export type Endpoint = {
  /**
   * @param spend before each request: whether it may still be made
   * @throws NoAnswer and nothing else
   */
  ask(question: Question, spend: () => boolean): Promise<Answered>;
};

type Body = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;

/** The last asks for nothing that a server may not know. */
const FORMS: readonly ((question: Question) => Partial<Body>)[] = [
  ({ schema, maxTokens }) => ({
    response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
    max_tokens: maxTokens,
    temperature: 0,
  }),
  ({ maxTokens }) => ({ response_format: { type: 'json_object' }, max_tokens: maxTokens, temperature: 0 }),
  () => ({}),
];
/** The server understood, and does not take this request. */
const NOT_TAKEN = [400, 413, 422];
/** An answer is a line or two. */
const ANSWER_BYTES = 256 * 1024;

const Completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
  usage: z.object({ total_tokens: z.number() }).nullish().catch(undefined),
});

export function createEndpoint({ baseUrl, apiKey, model, fetch = globalThis.fetch }: EndpointOptions): Endpoint {
  let client: Promise<OpenAI> | undefined;
  let form = 0;

  async function connect(): Promise<OpenAI> {
    const { OpenAI } = await import('openai');
    return new OpenAI({
      baseURL: baseUrl,
      apiKey: apiKey ?? 'none',
      ...(apiKey === undefined ? { defaultHeaders: { Authorization: null } } : {}),
      adminAPIKey: null,
      organization: null,
      project: null,
      maxRetries: 0,
      logLevel: 'off',
      fetch: async (url, init) => limited(await fetch(url, init)),
    });
  }

  async function request(question: Question, at: number, signal: AbortSignal): Promise<unknown> {
    const openai = await (client ??= connect());
    const messages: Body['messages'] = [
      { role: 'system', content: question.system },
      { role: 'user', content: question.message },
    ];
    const body: Body = { model, messages, ...FORMS[at]?.(question) };
    return openai.chat.completions.create(body, { signal, timeout: question.timeoutMs });
  }

  return {
    async ask(question, spend) {
      const signal = AbortSignal.timeout(question.timeoutMs);
      for (let at = form; ; at++) {
        if (!spend()) throw new NoAnswer('spent', false);
        try {
          const answered = read(await request(question, at, signal));
          form = at;
          return answered;
        } catch (error) {
          if (error instanceof NoAnswer) throw error;
          const status = error instanceof Error && 'status' in error ? error.status : undefined;
          const isNotTaken = NOT_TAKEN.some((each) => each === status);
          if (isNotTaken && at + 1 < FORMS.length) continue;
          if (typeof status === 'number') throw new NoAnswer(`status ${status}`, !isNotTaken);
          throw new NoAnswer(signal.aborted ? 'timeout' : 'unreachable', true);
        }
      }
    },
  };
}

function read(completion: unknown): Answered {
  const { data } = Completion.safeParse(completion);
  if (!data) throw new NoAnswer('unreadable', true);
  return { content: data.choices[0]?.message.content ?? '', tokens: data.usage?.total_tokens ?? 0 };
}

/** Read to its end here, while the client's time still runs: once it has the headers it would wait for ever. */
async function limited(response: Response): Promise<Response> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > ANSWER_BYTES) throw new Error('too long an answer');
    parts.push(part);
  }
  const { status, headers } = response;
  return new Response(Buffer.concat(parts), { status, headers });
}
