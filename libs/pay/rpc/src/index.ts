export { keyV1, openV1, sealV1 } from './v1/envelope-v1.js';
export type { EnvelopeV1 } from './v1/envelope-v1.js';
export { keyIdV2, keysV2, METHOD_V2, openFrame, openRequest, sealFrame, sealRequest } from './v2/envelope-v2.js';
export type {
  FramePlace,
  FrameV2,
  KeysV2,
  MethodV2,
  RequestV2,
  SealedFrameV2,
  SealedRequestV2,
} from './v2/envelope-v2.js';
