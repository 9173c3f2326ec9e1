import type { z } from 'zod';
import {
  flag,
  hexSecret,
  httpUrl,
  httpUrlList,
  list,
  optionalList,
  port,
  positiveInt,
  postgresUrl,
  redisUrl,
  wsUrlList,
} from './config-fields.js';

interface Case {
  schema: z.ZodType;
  accepted: [string, unknown][];
  refused: string[];
}

const cases: Record<string, Case> = {
  list: {
    schema: list(),
    accepted: [
      ['a', ['a']],
      [' a ,, b,', ['a', 'b']],
    ],
    refused: ['', ',', ' , '],
  },
  optionalList: {
    schema: optionalList(),
    accepted: [
      ['', []],
      ['a,b', ['a', 'b']],
    ],
    refused: [],
  },
  port: {
    schema: port(),
    accepted: [
      ['0', 0],
      ['65535', 65_535],
      [' 80 ', 80],
    ],
    refused: ['65536', '-1', '1.5', 'x', '0x50', '1e3'],
  },
  positiveInt: {
    schema: positiveInt(),
    accepted: [
      ['1', 1],
      ['0010', 10],
    ],
    refused: ['0', '-1', '1.0', '9007199254740993', ''],
  },
  flag: {
    schema: flag(),
    accepted: [
      ['true', true],
      ['YES', true],
      ['0', false],
      ['off', false],
    ],
    refused: ['maybe', '2', 'constructor'],
  },
  httpUrl: {
    schema: httpUrl(),
    accepted: [
      ['http://a', 'http://a'],
      ['https://a/b/', 'https://a/b/'],
    ],
    refused: ['a', 'ws://a', 'http://'],
  },
  httpUrlList: {
    schema: httpUrlList(),
    accepted: [['http://a, https://b', ['http://a', 'https://b']]],
    refused: ['http://a,b', ''],
  },
  wsUrlList: {
    schema: wsUrlList(),
    accepted: [['wss://a,ws://b:1', ['wss://a', 'ws://b:1']]],
    refused: ['https://a', 'wss://a,x', ','],
  },
  hexSecret: {
    schema: hexSecret(),
    accepted: [['AB'.repeat(32), 'ab'.repeat(32)]],
    refused: ['ab'.repeat(31), 'xy'.repeat(32), 'nsec1abc'],
  },
  postgresUrl: {
    schema: postgresUrl(),
    accepted: [['postgres://u@h/d', 'postgres://u@h/d']],
    refused: ['sqlite:x', 'mysql://h/d', 'h'],
  },
  redisUrl: {
    schema: redisUrl(),
    accepted: [['rediss://h:1/2', 'rediss://h:1/2']],
    refused: ['http://h', 'h:6379'],
  },
};

describe.each(Object.entries(cases))('%s', (_name, { schema, accepted, refused }) => {
  it('reads what it accepts', () => {
    for (const [text, value] of accepted) expect(schema.parse(text)).toEqual(value);
  });

  it('refuses everything else', () => {
    for (const text of refused) expect([text, schema.safeParse(text).success]).toEqual([text, false]);
  });
});

it('an unset flag is false and an unset optional list is empty', () => {
  expect([flag().parse(undefined), optionalList().parse(undefined)]).toEqual([false, []]);
});
