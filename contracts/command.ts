/** What every command carries. */
export interface Request {
  /**
   * `<orderId>/<command>[/<kind>]/<round>`; for `create-order` `<requestId>/create-order`; where there is no order, the workflow's id stands for its id.
   * The processor stores its answer under it and gives the same answer again. The round goes up when a refused command is asked again, or with other
   * content (another card, other lines); never after a fault.
   */
  readonly requestId: string;
}

/** What every command about an order carries. */
export interface Command extends Request {
  readonly orderId: string;
}

/** What a processor's answer carries besides the answer itself. */
export interface Acknowledgement {
  /** Which attempt of the command succeeded: 1, unless there were faults before. */
  readonly attempt: number;
}
