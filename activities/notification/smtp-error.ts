/** What is read of an error of nodemailer. */
export interface SmtpError extends Error {
  readonly code?: string;
  /** Where in the dialogue; `API` when it did not come to one. */
  readonly command?: string;
  readonly responseCode?: number;
  /** Whether SMTP means the answer to stand for the same mail asked again. */
  readonly permanent?: boolean;
}

/**
 * Whether this mail will never be taken: a 5xx to its recipient or its content, or an address that is none. A 5xx to the greeting,
 * the login or the sender is about us, not about the mail: it is a fault, which ends when somebody has repaired it.
 */
export function isRefusedForGood({ code, command, permanent }: SmtpError): boolean {
  if (code === 'EENVELOPE' && command === 'API') return true;
  return permanent === true && (command === 'RCPT TO' || (command === 'DATA' && code === 'EMESSAGE'));
}

/** The fault to throw. A server's answer may quote the address, so that of it only the code is told; what nodemailer says itself is told whole. */
export function faultOf({ code, command, responseCode, message }: SmtpError): Error {
  const reason = responseCode ? `${responseCode} to ${command}` : `${code ?? 'unknown'}: ${message}`;
  return new Error(`The mail server did not take the mail (${reason}); asking again is safe.`);
}
