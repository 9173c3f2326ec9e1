import type { InputCode, InputOf, Output } from '@caravel/pay-protocol';
import type { PayCall } from './pay-call.js';

/** One Input's doing that may say something before its end. */
export type StreamHandle<Code extends InputCode> = (
  input: InputOf<Code>,
  call: PayCall,
  emit: (output: Output) => void,
) => Promise<Output>;

/** What does each Input; the compiler says which is missing. */
export type Handlers = { readonly [Code in InputCode]: StreamHandle<Code> };
