/** Of the package; `npm pack` takes it from here. */
export const VERSION = '0.1.0';
