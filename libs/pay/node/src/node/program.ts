/** As `version` names it. */
export const PROGRAM = { name: 'caravel-afpay', version: '0.1.0' } as const;
