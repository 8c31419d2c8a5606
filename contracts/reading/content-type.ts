/** The media type and character set of a content type, in lower case. */
export interface DeclaredContent {
  readonly isJson: boolean;
  /** `utf-8` when none is named: that of JSON. All of them, when several are. */
  readonly charset: string;
}

/** Reads the value of a `content-type`. */
export function declaredIn(contentType: string): DeclaredContent {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const named = parameters.map((one) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/.exec(one)?.[1]).filter(Boolean);
  return {
    isJson: /^\s*(application\/json|text\/json|[^\s/]+\/[^\s/]+\+json)\s*$/.test(type),
    charset: [...new Set(named)].join(', ') || 'utf-8',
  };
}

/** True for JSON in UTF-8, which is what is read. */
export function isJsonInUtf8(contentType: string): boolean {
  const { isJson, charset } = declaredIn(contentType);
  return isJson && ['utf-8', 'utf8', 'us-ascii'].includes(charset);
}
