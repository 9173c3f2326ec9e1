import { INPUTS } from '@caravel/pay-protocol';
import type { InputCode } from '@caravel/pay-protocol';
import { z } from 'zod';
import { isOwn } from '../command/command.js';
import type { Command } from '../command/command.js';
import { fieldOf } from '../command/flag.js';
import type { Flag } from '../command/flag.js';

/** The sentence about a command. */
export function aboutCommand(command: Command): string {
  if (isOwn(command)) return command.about;
  return command.about ?? INPUTS[command.inputs[0]].summary;
}

/** The sentence about a flag: its own, or that of the field it fills. */
export function aboutFlag(flag: Flag, command: Command | undefined): string | undefined {
  const field = fieldOf(flag);
  if (flag.about !== undefined || field === undefined || !command || isOwn(command)) return flag.about;
  for (const code of command.inputs) {
    const said = fieldHelp(code, field.split('.'));
    if (said !== undefined) return said;
  }
  return undefined;
}

function fieldHelp(code: InputCode, path: readonly string[]): string | undefined {
  let at: unknown = INPUTS[code].schema;
  for (const name of path) {
    const object = objectIn(at);
    at = object?.shape[name];
  }
  return descriptionOf(at);
}

/** Descriptions stand on the type inside of `optional`, `default` and `transform`. */
function descriptionOf(schema: unknown): string | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  return (
    schema.description ??
    insides(schema)
      .map(descriptionOf)
      .find((said) => said !== undefined)
  );
}

function objectIn(schema: unknown): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  return insides(schema)
    .map(objectIn)
    .find((object) => object !== undefined);
}

function insides(schema: unknown): unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return [schema.unwrap()];
  return schema instanceof z.ZodPipe ? [schema.in, schema.out] : [];
}
