/** The part that all commands share. */
export interface Request {
  /**
   * `<orderId>/<command>[/<kind>]/<round>`; for `create-order` `<requestId>/create-order`. A command about no order has
   * the workflow's id in place of the order's. The processor stores its answer under it and gives the same answer
   * again. The round goes up when a refused command is asked again, or with other content (another card, other lines);
   * never after a fault.
   */
  readonly requestId: string;
}

/** The part that all commands about an order share. */
export interface Command extends Request {
  readonly orderId: string;
}

/** The part that all answers share. */
export interface Acknowledgement {
  /** The number of the attempt that succeeded: 1, unless there were faults before. */
  readonly attempt: number;
}
