/** The fields that are read of an error of nodemailer. */
export interface SmtpError extends Error {
  readonly code?: string;
  /** The SMTP command that failed; `API` when the dialogue did not begin. */
  readonly command?: string;
  readonly responseCode?: number;
  /** True when SMTP says that the same mail would get the same answer again. */
  readonly permanent?: boolean;
}

/**
 * True when this mail will never be taken: a 5xx to its recipient or its content, or an invalid address. A 5xx to the
 * greeting, the login or the sender is about us, not about the mail: it is a fault, which ends when a person has
 * repaired the cause.
 */
export function isRefusedForGood({ code, command, permanent }: SmtpError): boolean {
  if (code === 'EENVELOPE' && command === 'API') return true;
  return permanent === true && (command === 'RCPT TO' || (command === 'DATA' && code === 'EMESSAGE'));
}

/**
 * The fault to throw. A server's answer may quote the address, so only its code is shown; nodemailer's own message is
 * shown whole.
 */
export function faultOf({ code, command, responseCode, message }: SmtpError): Error {
  const reason = responseCode ? `${responseCode} to ${command}` : `${code ?? 'unknown'}: ${message}`;
  return new Error(`The mail server did not take the mail (${reason}); asking again is safe.`);
}
