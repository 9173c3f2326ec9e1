/**
 * An answer that is no JSON: a page or a file. A route whose handler gives one is served as it is, without the envelope. A body
 * in pieces is sent as it comes, no faster than the caller reads.
 */
export class TextDocument {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
  readonly signal: AbortSignal | undefined;
  readonly onClose: (() => void) | undefined;

  constructor({ contentType, headers = {}, body, signal, onClose }: TextDocumentParts) {
    this.contentType = contentType;
    this.headers = headers;
    this.body = body;
    this.signal = signal;
    this.onClose = onClose;
  }
}

interface TextDocumentParts {
  /** With its charset. */
  contentType: string;
  headers?: Readonly<Record<string, string>>;
  body: string | AsyncIterable<string>;
  /** Of a body in pieces: breaks the connection off. */
  signal?: AbortSignal;
  /** Of a body in pieces: the connection has ended, whoever ended it, and nobody waits for the next piece. */
  onClose?: () => void;
}
