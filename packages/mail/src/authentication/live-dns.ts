// Live DNS: a small client that asks one trusted resolver, with a limit on time, and keeps what it says about DNSSEC.
//
// Node's own resolver hides the AD bit, which is the only word about DNSSEC that a stub gets. It means something only
// where the way to the resolver is trusted: an address on this machine or in the own network.

import { createSocket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { connect } from 'node:net';
import { getServers } from 'node:dns';
import { decodeAnswer, encodeQuestion } from './dns-wire.ts';
import type { DnsAnswer, DnsPort, DnsType } from './dns.ts';

export type LiveDnsOptions = {
  /** Address of the resolver, with a port where it is not 53; the system's first one otherwise. */
  readonly server?: string;
  /** For one try over UDP; two are made, then one over TCP where the answer was cut. Default 3000. */
  readonly timeoutMs?: number;
};

type Server = { readonly host: string; readonly port: number };

function serverOf(written: string | undefined): Server {
  const text = written ?? getServers()[0] ?? '127.0.0.1';
  const match = /^\[?([0-9a-fA-F:.]+?)\]?(?::(\d{1,5}))?$/.exec(text);
  const plainV6 = text.split(':').length > 2 && !text.startsWith('[');
  if (match === null || plainV6) return { host: text, port: 53 };
  return { host: match[1] ?? text, port: Number(match[2] ?? 53) };
}

function askUdp(server: Server, question: Buffer, timeoutMs: number): Promise<Buffer | null> {
  return new Promise((settle) => {
    const socket = createSocket(server.host.includes(':') ? 'udp6' : 'udp4');
    const finish = (answer: Buffer | null): void => {
      clearTimeout(timer);
      socket.close();
      settle(answer);
    };
    const timer = setTimeout(() => finish(null), timeoutMs);
    socket.on('error', () => finish(null));
    // Only the asked server may answer, and only with the asked number: connect() drops the rest.
    socket.connect(server.port, server.host, () => socket.send(question));
    socket.on('message', (answer) => {
      if (answer.length >= 12 && answer.readUInt16BE(0) === question.readUInt16BE(0))
        finish(answer);
    });
  });
}

const TCP_ANSWER_MAX = 65_535 + 2;

function askTcp(server: Server, question: Buffer, timeoutMs: number): Promise<Buffer | null> {
  return new Promise((settle) => {
    const socket = connect(server.port, server.host);
    let got = Buffer.alloc(0);
    const finish = (answer: Buffer | null): void => {
      clearTimeout(timer);
      socket.destroy();
      settle(answer);
    };
    const timer = setTimeout(() => finish(null), timeoutMs);
    socket.on('error', () => finish(null));
    socket.on('end', () => finish(null));
    socket.on('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(question.length);
      socket.write(Buffer.concat([length, question]));
    });
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      if (got.length > TCP_ANSWER_MAX) finish(null);
      else if (got.length >= 2 && got.length >= got.readUInt16BE(0) + 2)
        finish(got.subarray(2, got.readUInt16BE(0) + 2));
    });
  });
}

/** A port that asks over the network. Every failure is a status; it never throws and never waits longer than promised. */
export function liveDns(options: LiveDnsOptions = {}): DnsPort {
  const server = serverOf(options.server);
  const timeoutMs = options.timeoutMs ?? 3000;
  return {
    async ask(name: string, type: DnsType): Promise<DnsAnswer> {
      const failed = (status: DnsAnswer['status']): DnsAnswer => ({
        name,
        type,
        status,
        records: [],
        dnssec: null,
        source: 'live',
      });
      const number = randomInt(0x10000);
      const question = encodeQuestion(number, name, type);
      if (question === null) return failed('no-such-name');
      let answer =
        (await askUdp(server, question, timeoutMs)) ?? (await askUdp(server, question, timeoutMs));
      if (answer === null) return failed('timeout');
      let decoded = decodeAnswer(answer, { number, name, type });
      if (decoded?.cut === true) {
        answer = await askTcp(server, question, timeoutMs);
        decoded = answer === null ? null : decodeAnswer(answer, { number, name, type });
      }
      if (decoded === null || decoded.cut) return failed('failed');
      return { name, type, ...decoded.answer, source: 'live' };
    },
  };
}
