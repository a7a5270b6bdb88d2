// The page's way to the client: requests with the bearer, bytes up and down, and news over a WebSocket that comes back by itself.

import type { Answer, News, Refusal } from '../server/wire.ts';

/** What the client said no to, or that it could not be reached (`client-gone`). */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

const GONE: Refusal = {
  nature: 'fault',
  code: 'client-gone',
  message: 'Your own client does not answer.',
  next: 'look at the terminal that runs "parley ui"',
};

const STRANGER: Refusal = {
  nature: 'policy',
  code: 'no-bearer',
  message:
    'Whoever answers is not the client that this window was let in by. Nothing was said to it.',
  next: 'press Enter in the terminal that runs "parley ui" and give the new link',
};

const RETRY_MS = [500, 1000, 2000, 5000] as const;

async function post(act: string, init: RequestInit): Promise<Response> {
  const options: RequestInit = { ...init, method: 'POST', credentials: 'omit', cache: 'no-store' };
  try {
    return await fetch(`/api/${act}`, options);
  } catch {
    throw new Refused(GONE);
  }
}

function read(text: string): unknown {
  let answer: Answer<unknown>;
  try {
    answer = JSON.parse(text) as Answer<unknown>;
  } catch {
    throw new Refused(GONE);
  }
  if (answer.ok) return answer.value;
  throw new Refused(answer.refusal);
}

/** The token in a link, if it is one of this client. */
export function tokenIn(link: string): string | undefined {
  const [before = '', after = ''] = link.trim().split('#');
  if (before !== '' && !before.startsWith(location.origin)) return undefined;
  const [token = ''] = after.split('&');
  return /^[\w-]{43}$/.test(token) ? token : undefined;
}

export type Upload = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
};

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  );

/** One window that was let in. The bearer is kept in this object and nowhere else. */
export class DeskLink {
  readonly #bearer: string;
  /** From the moment the client was lost until it has proven that it is the same: nothing is said meanwhile. */
  #isLost = false;
  #proving: Promise<void> | undefined;

  private constructor(bearer: string) {
    this.#bearer = bearer;
  }

  /**
   * Asks whoever stands at the port to prove that they know the bearer, without telling it. Another program of this
   * machine may have taken the port while the client was away.
   */
  async #prove(): Promise<void> {
    const nonce = base64url(crypto.getRandomValues(new Uint8Array(24)));
    const response = await post('prove', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ nonce }),
    });
    const { proofs } = read(await response.text()) as { proofs: readonly string[] };
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey(
      'raw',
      fromBase64url(this.#bearer),
      algorithm,
      false,
      ['sign'],
    );
    const proof = await crypto.subtle.sign(
      'HMAC',
      key,
      new TextEncoder().encode(`${location.origin} ${nonce}`),
    );
    if (!proofs.includes(base64url(new Uint8Array(proof)))) throw new Refused(STRANGER);
    this.#isLost = false;
  }

  async #known(): Promise<void> {
    if (!this.#isLost) return;
    this.#proving ??= this.#prove().finally(() => {
      this.#proving = undefined;
    });
    await this.#proving;
  }

  /** Exchanges the token of the link; refused where it was used before. */
  static async enter(token: string): Promise<DeskLink> {
    const response = await post('enter', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    return new DeskLink((read(await response.text()) as { bearer: string }).bearer);
  }

  async #post(act: string, fields: object, how: RequestInit = {}): Promise<Response> {
    await this.#known();
    return post(act, {
      ...how,
      headers: { authorization: `Bearer ${this.#bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
  }

  async ask<T>(act: string, fields: object = {}): Promise<T> {
    const response = await this.#post(act, fields);
    return read(await response.text()) as T;
  }

  /** Says something while the window goes away; nobody is there to hear the answer. */
  part(act: string, fields: object): void {
    this.#post(act, fields, { keepalive: true }).catch(() => undefined);
  }

  async bytes(act: string, fields: object): Promise<Blob> {
    const response = await this.#post(act, fields);
    if (response.ok) return response.blob();
    read(await response.text());
    throw new Refused(GONE);
  }

  /** Brings a file to the client. Unlike fetch, this tells how far it has come. */
  async upload<T>(act: string, file: Blob, options: Upload = {}): Promise<T> {
    await this.#known();
    const text = await new Promise<string>((settle, fail) => {
      const request = new XMLHttpRequest();
      request.open('POST', `/api/${act}`);
      request.setRequestHeader('authorization', `Bearer ${this.#bearer}`);
      request.setRequestHeader('content-type', 'application/octet-stream');
      for (const [name, value] of Object.entries(options.headers ?? {}))
        request.setRequestHeader(name, value);
      request.upload.addEventListener('progress', ({ loaded, total }) =>
        options.onProgress?.(total === 0 ? 1 : loaded / total),
      );
      request.addEventListener('load', () => settle(request.responseText));
      request.addEventListener('error', () => fail(new Refused(GONE)));
      request.addEventListener('abort', () => fail(options.signal?.reason as Error));
      options.signal?.addEventListener('abort', () => request.abort());
      request.send(file);
    });
    return read(text) as T;
  }

  /** Listens until the answer is called. After every return `onState(true)` is said, and the page looks again. */
  listen(onNews: (news: News) => void, onState: (up: boolean) => void): () => void {
    let socket: WebSocket | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let ended = false;
    const again = (): void => {
      timer = setTimeout(
        () =>
          void this.#known().then(connect, () => {
            if (ended) return;
            onState(false);
            again();
          }),
        RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)],
      );
    };
    const connect = (): void => {
      if (ended) return;
      socket = new WebSocket(`ws://${location.host}/live`, ['parley-desk', this.#bearer]);
      socket.addEventListener('open', () => {
        failures = 0;
        onState(true);
      });
      socket.addEventListener('message', ({ data }) => onNews(JSON.parse(String(data)) as News));
      socket.addEventListener('close', () => {
        if (ended) return;
        this.#isLost = true;
        onState(false);
        again();
      });
    };
    connect();
    return () => {
      ended = true;
      clearTimeout(timer);
      socket?.close();
    };
  }
}
