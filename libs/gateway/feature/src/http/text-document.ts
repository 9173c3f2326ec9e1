/**
 * An answer that is no JSON: a page or a file. A route whose handler gives one is served as it is, without the envelope. A body
 * in pieces is sent as it comes, no faster than the caller reads.
 */
export class TextDocument {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;

  constructor({ contentType, headers = {}, body }: TextDocumentParts) {
    this.contentType = contentType;
    this.headers = headers;
    this.body = body;
  }
}

interface TextDocumentParts {
  /** With its charset. */
  contentType: string;
  headers?: Readonly<Record<string, string>>;
  body: string | AsyncIterable<string>;
}
