/** Pure: what a request did, as it is recorded. */

/** Values of the path are masked where they are telephone numbers. */
export type ChangeFacts = {
  requestId: string;
  /** The name of the route. */
  action: string;
  method: string;
  /** The path with its values. */
  resource: string;
  /** The id of what was made by it. */
  resourceId?: string;
  status: number;
  /** Of a request that ended in an error, after which nobody can be sure that nothing has changed. */
  code?: string;
};
